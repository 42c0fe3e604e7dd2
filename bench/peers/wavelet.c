// Row P4 by hand: Haar's wavelets with soft thresholds, lanes are signals. Only which coefficients were drawn to 0 is kept for the way back: the
// transformation is its own transposed inverse.
#define SAMPLES 256
#define LEVELS 8
#define PARAMETERS LEVELS
#define INPUTS (2 * SAMPLES)
#define EXAMPLES 16
#include "program.h"

static const float half = 0.70710678f;
static lane level[LEVELS + 1][SAMPLES], detail[LEVELS][SAMPLES / 2];

static double differentiate(void)
{
    lane sum = {0}, dt[LEVELS];
    memset(dt, 0, sizeof dt);
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        for (int i = 0; i < SAMPLES; i++)
            level[0][i] = input(i, n);
        for (int l = 0; l < LEVELS; l++) {
            for (int i = 0; i < SAMPLES >> (l + 1); i++) {
                const lane a = level[l][2 * i], b = level[l][2 * i + 1];
                level[l + 1][i] = (a + b) * half;
                detail[l][i] = (a - b) * half;
            }
        }
        for (int l = LEVELS - 1; l >= 0; l--) {
            for (int i = 0; i < SAMPLES >> (l + 1); i++) {
                const lane smooth = level[l + 1][i], d = detail[l][i];
                const lane drawn = d - within(d, p[l]);
                level[l][2 * i] = (smooth + drawn) * half;
                level[l][2 * i + 1] = (smooth - drawn) * half;
            }
        }
        for (int i = 0; i < SAMPLES; i++) {
            const lane far = level[0][i] - input(SAMPLES + i, n);
            sum += far * far;
            level[0][i] = far;
        }
        // Below its threshold a coefficient has no slope, beyond it one of −1 or 1.
        for (int l = 0; l < LEVELS; l++) {
            for (int i = 0; i < SAMPLES >> (l + 1); i++) {
                const lane a = level[l][2 * i], b = level[l][2 * i + 1], d = detail[l][i], by = (a - b) * half;
                level[l + 1][i] = (a + b) * half;
                dt[l] += where(d > p[l], -by, where(d < -p[l], by, 0 * by));
            }
        }
    }
    for (int l = 0; l < LEVELS; l++)
        g[l] = 2 * sum_of(dt[l]) / (SAMPLES * EXAMPLES);
    return sum_of(sum) / (SAMPLES * EXAMPLES);
}
