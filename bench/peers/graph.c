// Row P9 by hand: messages along the edges of a graph, tables of which nodes they join. All states are kept for the way back. Edges lie sorted by
// the node that they lead to, so that each node's sum stays in a register; on the way back the slopes are scattered.
#define NODES 300
#define EDGES 1500
#define PARAMETERS EDGES
#define INPUTS (2 * NODES)
#define TABLES
#include "program.h"

enum { ROUNDS = 10, WIDE = 304 };

static int from[EDGES], place[EDGES], first[NODES + 1]; // of each edge, sorted; and which parameter it is

static void read_tables(void)
{
    static int start[EDGES], end[EDGES];
    for (int e = 0; e < EDGES; e++)
        start[e] = (int)number();
    for (int e = 0; e < EDGES; e++)
        end[e] = (int)number();
    int next = 0;
    for (int node = 0; node < NODES; node++) {
        first[node] = next;
        for (int e = 0; e < EDGES; e++)
            if (end[e] == node) {
                from[next] = start[e];
                place[next++] = e;
            }
    }
    first[NODES] = next;
}

static double differentiate(void)
{
    static ALIGNED float state[ROUNDS + 1][WIDE], slope[2][WIDE], weight[EDGES], dw[EDGES];
    for (int node = 0; node < NODES; node++)
        state[0][node] = x[node][0];
    for (int e = 0; e < EDGES; e++)
        weight[e] = p[place[e]];
    memset(dw, 0, sizeof dw);
    for (int round = 0; round < ROUNDS; round++) {
        const float *s = state[round];
        float *next = state[round + 1];
        for (int node = 0; node < NODES; node++) {
            float sum = s[node];
            for (int e = first[node]; e < first[node + 1]; e++)
                sum += weight[e] * s[from[e]];
            next[node] = sum;
        }
        for (int i = 0; i < WIDE; i += LANES)
            store(next + i, tanh_of(load(next + i)));
    }
    float loss = 0, *d = slope[0], *before = slope[1];
    for (int node = 0; node < NODES; node++) {
        const float far = state[ROUNDS][node] - x[NODES + node][0];
        loss += far * far;
        d[node] = 2.0f / NODES * far;
    }
    for (int round = ROUNDS - 1; round >= 0; round--) {
        const float *s = state[round], *next = state[round + 1];
        for (int node = 0; node < NODES; node++)
            before[node] = d[node] *= 1 - next[node] * next[node];
        for (int node = 0; node < NODES; node++)
            for (int e = first[node]; e < first[node + 1]; e++) {
                dw[e] += d[node] * s[from[e]];
                before[from[e]] += d[node] * weight[e];
            }
        float *other = d;
        d = before;
        before = other;
    }
    for (int e = 0; e < EDGES; e++)
        g[place[e]] = dw[e];
    return loss / NODES;
}
