// Row P8 by hand: an arm of six links, angles of a moment first added up joint by joint; vectors are moments.
#define JOINTS 6
#define MOMENTS 20
#define PARAMETERS (JOINTS * MOMENTS)
#define INPUTS (2 * MOMENTS)
#include "program.h"

enum { WIDE = 32 }; // moments in whole vectors

static double differentiate(void)
{
    static ALIGNED float angle[JOINTS][WIDE], cosine[JOINTS][WIDE], sine[JOINTS][WIDE], slope[JOINTS][WIDE], far_x[WIDE], far_y[WIDE];
    float direction[WIDE] = {0}, loss = 0;
    for (int t = 0; t < MOMENTS; t++) {
        far_x[t] = -x[2 * t][0];
        far_y[t] = -x[2 * t + 1][0];
        for (int k = 0; k < JOINTS; k++)
            angle[k][t] = p[t * JOINTS + k];
    }
    for (int k = 0; k < JOINTS; k++) {
        const float length = 1 - 0.1f * k;
        for (int t = 0; t < WIDE; t++) {
            direction[t] += angle[k][t];
            cosine[k][t] = length * cosf(direction[t]);
        }
        for (int t = 0; t < WIDE; t++)
            sine[k][t] = length * sinf(direction[t]);
        for (int t = 0; t < MOMENTS; t++) {
            far_x[t] += cosine[k][t];
            far_y[t] += sine[k][t];
        }
    }
    for (int t = 0; t < MOMENTS; t++)
        loss += far_x[t] * far_x[t] + far_y[t] * far_y[t];
    float turned[WIDE] = {0}; // the slope of a direction goes to all angles before it
    for (int k = JOINTS - 1; k >= 0; k--) {
        for (int t = 0; t < MOMENTS; t++) {
            turned[t] += 2 * (far_y[t] * cosine[k][t] - far_x[t] * sine[k][t]);
            slope[k][t] = turned[t];
        }
        for (int t = 1; t < MOMENTS; t++) {
            const float jerk = angle[k][t] - angle[k][t - 1];
            loss += 0.1f * jerk * jerk;
            slope[k][t] += 0.2f * jerk;
            slope[k][t - 1] -= 0.2f * jerk;
        }
    }
    for (int t = 0; t < MOMENTS; t++)
        for (int k = 0; k < JOINTS; k++)
            g[t * JOINTS + k] = slope[k][t] / MOMENTS;
    return loss / MOMENTS;
}
