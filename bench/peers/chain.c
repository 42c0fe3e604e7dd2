// Rows M by hand: masses in a row with springs that stiffen as they are stretched, 100 steps of the symplectic Euler method; the mean squared
// distance of the last displacements from given ones, and its gradient in the stiffness of each spring and in how much all stiffen. Loops over
// masses are vectors, or lanes are starts. All displacements are kept for the way back.
#define MASSES 50
#define PARAMETERS (MASSES + 2)
#define INPUTS (3 * MASSES)
#include "program.h"

enum { STEPS = 100, SPRINGS = MASSES + 1 };
static const float h = 0.1f;

static ALIGNED lane u[STEPS + 1][MASSES + 2]; // with the walls at both ends, which do not move

static double differentiate(void)
{
    const float *k = p, hard = p[SPRINGS];
    lane loss = {0}, ALIGNED dk[SPRINGS], d_hard = {0};
    memset(dk, 0, sizeof dk);
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        lane v[MASSES], du[MASSES], dv[MASSES], force[SPRINGS];
        for (int i = 0; i < MASSES; i++) {
            u[0][i + 1] = input(i, n);
            v[i] = input(MASSES + i, n);
        }
        for (int t = 0; t < STEPS; t++) {
            for (int i = 0; i < SPRINGS; i++) {
                const lane d = u[t][i + 1] - u[t][i];
                force[i] = k[i] * d * (1 + hard * d * d);
            }
            for (int i = 0; i < MASSES; i++) {
                v[i] += h * (force[i + 1] - force[i]);
                u[t + 1][i + 1] = u[t][i + 1] + h * v[i];
            }
        }
        for (int i = 0; i < MASSES; i++) {
            const lane far = u[STEPS][i + 1] - input(2 * MASSES + i, n);
            loss += far * far;
            du[i] = 2.0f / (MASSES * EXAMPLES) * far;
            dv[i] = 0 * far;
        }
        for (int t = STEPS - 1; t >= 0; t--) {
            lane d_force[MASSES + 2], pull[SPRINGS];
            d_force[0] = d_force[MASSES + 1] = 0 * loss;
            for (int i = 0; i < MASSES; i++) {
                dv[i] += h * du[i];
                d_force[i + 1] = h * dv[i];
            }
            for (int i = 0; i < SPRINGS; i++) {
                const lane d = u[t][i + 1] - u[t][i], square = d * d, by = d_force[i] - d_force[i + 1];
                dk[i] += by * d * (1 + hard * square);
                d_hard += by * k[i] * d * square;
                pull[i] = by * k[i] * (1 + 3 * hard * square);
            }
            for (int i = 0; i < MASSES; i++)
                du[i] += pull[i] - pull[i + 1];
        }
    }
    for (int i = 0; i < SPRINGS; i++)
        g[i] = sum_of(dk[i]);
    g[SPRINGS] = sum_of(d_hard);
    return sum_of(loss) / (MASSES * EXAMPLES);
}
