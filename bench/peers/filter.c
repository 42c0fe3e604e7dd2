// Row P2 by hand: three recursive filters of second order, lanes are signals. What each section gave is kept for the way back.
#define SECTIONS 3
#define SAMPLES 256
#define PARAMETERS (5 * SECTIONS)
#define INPUTS (2 * SAMPLES)
#define EXAMPLES 32
#include "program.h"

static lane signal_[SECTIONS + 1][SAMPLES + 2], slope[SECTIONS + 1][SAMPLES + 2]; // two zeros before each, or after each on the way back

static double differentiate(void)
{
    lane sum = {0}, dc[PARAMETERS];
    memset(dc, 0, sizeof dc);
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        for (int t = 0; t < SAMPLES; t++)
            signal_[0][t + 2] = input(t, n);
        for (int s = 0; s < SECTIONS; s++) {
            const lane *in = signal_[s] + 2;
            lane *out = signal_[s + 1] + 2;
            const float *c = p + 5 * s;
            lane last = {0}, second = {0};
            for (int t = 0; t < SAMPLES; t++) {
                const lane y = (c[0] * in[t] + c[1] * in[t - 1] + c[2] * in[t - 2] - c[4] * second) - c[3] * last;
                second = last;
                last = y;
                out[t] = y;
            }
        }
        for (int t = 0; t < SAMPLES; t++) {
            const lane far = signal_[SECTIONS][t + 2] - input(SAMPLES + t, n);
            sum += far * far;
            slope[SECTIONS][t] = 2.0f / (SAMPLES * EXAMPLES) * far;
        }
        for (int s = SECTIONS - 1; s >= 0; s--) {
            const lane *in = signal_[s] + 2, *out = signal_[s + 1] + 2, *d_out = slope[s + 1];
            lane *d_in = slope[s], *by = dc + 5 * s;
            const float *c = p + 5 * s;
            lane next = {0}, second = {0}; // the whole slopes of the outputs one and two later
            for (int t = SAMPLES - 1; t >= 0; t--) {
                const lane d = (d_out[t] - c[4] * second) - c[3] * next;
                by[0] += d * in[t];
                by[1] += d * in[t - 1];
                by[2] += d * in[t - 2];
                by[3] -= d * out[t - 1];
                by[4] -= d * out[t - 2];
                if (s > 0)
                    d_in[t] = c[0] * d + c[1] * next + c[2] * second;
                second = next;
                next = d;
            }
        }
    }
    for (int i = 0; i < PARAMETERS; i++)
        g[i] = sum_of(dc[i]);
    return sum_of(sum) / (SAMPLES * EXAMPLES);
}
