// Row P1 by hand: explicit steps of the heat equation on a plate, whose states are all kept, and back through them. A row of the plate is a few
// vectors.
#define SIZE 24
#define PARAMETERS (SIZE * SIZE)
#define INPUTS (SIZE * SIZE)
#include "program.h"

enum { STEPS = 30 };

static ALIGNED float heat[STEPS + 1][SIZE][SIZE], slope[2][SIZE][SIZE];

static double differentiate(void)
{
    const float (*c)[SIZE] = (const float (*)[SIZE])p;
    float (*dc)[SIZE] = (float (*)[SIZE])g;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            heat[0][i][j] = abs(i - SIZE / 2) < 5 && abs(j - SIZE / 2) < 5;
    for (int t = 0; t < STEPS; t++) {
        float (*h)[SIZE] = heat[t], (*next)[SIZE] = heat[t + 1];
        for (int j = 0; j < SIZE; j++) {
            next[0][j] = h[0][j];
            next[SIZE - 1][j] = h[SIZE - 1][j];
        }
        for (int i = 1; i < SIZE - 1; i++) {
            next[i][0] = h[i][0];
            next[i][SIZE - 1] = h[i][SIZE - 1];
            for (int j = 1; j < SIZE - 1; j++)
                next[i][j] = h[i][j] + c[i][j] * (h[i - 1][j] + h[i + 1][j] + h[i][j - 1] + h[i][j + 1] - 4 * h[i][j]);
        }
    }
    float loss = 0;
    float (*d)[SIZE] = slope[0], (*before)[SIZE] = slope[1];
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            const float far = heat[STEPS][i][j] - x[i * SIZE + j][0];
            loss += far * far;
            d[i][j] = 2 * far;
        }
    // What flows: d by the conductivity, 0 at the edges, which nothing flows from.
    static ALIGNED float flow[SIZE][SIZE];
    for (int t = STEPS - 1; t >= 0; t--) {
        float (*h)[SIZE] = heat[t];
        for (int i = 1; i < SIZE - 1; i++)
            for (int j = 1; j < SIZE - 1; j++) {
                dc[i][j] += d[i][j] * (h[i - 1][j] + h[i + 1][j] + h[i][j - 1] + h[i][j + 1] - 4 * h[i][j]);
                flow[i][j] = d[i][j] * c[i][j];
            }
        // The edges' own slopes are of no parameter.
        for (int i = 1; i < SIZE - 1; i++)
            for (int j = 1; j < SIZE - 1; j++)
                before[i][j] = d[i][j] + flow[i - 1][j] + flow[i + 1][j] + flow[i][j - 1] + flow[i][j + 1] - 4 * flow[i][j];
        float (*other)[SIZE] = d;
        d = before;
        before = other;
    }
    return loss;
}
