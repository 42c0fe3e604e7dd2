// Row R by hand: a tree in tables, children before their parents. Nodes of one height become one run of vectors, and children are gathered.
#define LEAVES 2000
#define PARAMETERS (LEAVES + 3)
#define TABLES
#include "program.h"

enum { INNER = LEAVES - 1, ROOM = LEAVES + INNER + 64 };

// Inner nodes in the order of their heights; a run of them ends where the next height begins.
static int left[INNER + 64], right[INNER + 64], heights, end[INNER], start[INNER];
static ALIGNED float value[ROOM], slope[ROOM];

static void read_tables(void)
{
    static int old_left[INNER], old_right[INNER], height[LEAVES + INNER], place[LEAVES + INNER];
    for (int i = 0; i < INNER; i++)
        old_left[i] = (int)number();
    for (int i = 0; i < INNER; i++)
        old_right[i] = (int)number();
    for (int i = 0; i < LEAVES; i++)
        place[i] = i;
    for (int i = 0; i < INNER; i++) {
        const int a = height[old_left[i]], b = height[old_right[i]], own = 1 + (a > b ? a : b);
        height[LEAVES + i] = own;
        heights = own > heights ? own : heights;
    }
    for (int level = 1, next = 0; level <= heights; level++) {
        start[level - 1] = next;
        for (int i = 0; i < INNER; i++)
            if (height[LEAVES + i] == level) {
                left[next] = place[old_left[i]];
                right[next] = place[old_right[i]];
                place[LEAVES + i] = LEAVES + next++;
            }
        end[level - 1] = next;
    }
}

static double differentiate(void)
{
    const float wl = p[LEAVES], wr = p[LEAVES + 1], b = p[LEAVES + 2];
    memcpy(value, p, LEAVES * sizeof(float));
    for (int level = 0; level < heights; level++) {
        for (int i = start[level]; i < end[level]; i++)
            value[LEAVES + i] = wl * value[left[i]] + wr * value[right[i]] + b;
        // Beyond the end lies what the next height will overwrite.
        for (int i = start[level]; i < end[level]; i += LANES)
            store(value + LEAVES + i, tanh_of(load(value + LEAVES + i)));
    }
    const float far = value[LEAVES + INNER - 1] - 2;
    float dl = 0, dr = 0, db = 0;
    slope[LEAVES + INNER - 1] = 2 * far;
    for (int i = INNER - 1; i >= 0; i--) {
        const float y = value[LEAVES + i], d = slope[LEAVES + i] * (1 - y * y);
        slope[left[i]] = d * wl; // each node has one parent
        slope[right[i]] = d * wr;
        dl += d * value[left[i]];
        dr += d * value[right[i]];
        db += d;
    }
    memcpy(g, slope, LEAVES * sizeof(float));
    g[LEAVES] = dl;
    g[LEAVES + 1] = dr;
    g[LEAVES + 2] = db;
    return far * far;
}
