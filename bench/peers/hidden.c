// Row P7 by hand: the forward algorithm in logarithms, lanes are series. A step needs one exponential a state: each state's share is told from the
// greatest by its own exponential, and multiplied by the transition's probability. What the states amount to is kept for the way back.
#define STATES 6
#define LENGTH 40
#define PARAMETERS (STATES * STATES + STATES)
#define INPUTS LENGTH
#define EXAMPLES 16
#include "program.h"

static lane share[LENGTH][STATES], way[LENGTH][STATES];

static double differentiate(void)
{
    const float *mean = p + STATES * STATES;
    float a[STATES][STATES];
    for (int i = 0; i < STATES; i++) {
        float total = 0;
        for (int j = 0; j < STATES; j++)
            total += a[i][j] = expf(p[i * STATES + j]);
        for (int j = 0; j < STATES; j++)
            a[i][j] /= total;
    }
    lane sum = {0}, da[STATES][STATES], dm[STATES];
    memset(da, 0, sizeof da);
    memset(dm, 0, sizeof dm);
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        lane forward[STATES];
        for (int j = 0; j < STATES; j++) {
            const lane far = input(0, n) - mean[j];
            forward[j] = -0.5f * far * far - 1.7917595f;
        }
        for (int t = 1;; t++) {
            lane greatest = forward[0];
            for (int i = 1; i < STATES; i++)
                greatest = where(greatest > forward[i], greatest, forward[i]);
            for (int i = 0; i < STATES; i++)
                share[t - 1][i] = exp_at(forward[i] - greatest);
            if (t == LENGTH) {
                lane all = share[t - 1][0];
                for (int i = 1; i < STATES; i++)
                    all += share[t - 1][i];
                sum -= greatest + log_of(all);
                way[0][0] = 1 / all;
                break;
            }
            for (int j = 0; j < STATES; j++) {
                lane into = share[t - 1][0] * a[0][j];
                for (int i = 1; i < STATES; i++)
                    into += share[t - 1][i] * a[i][j];
                const lane far = input(t, n) - mean[j];
                way[t][j] = into;
                forward[j] = greatest + log_of(into) - 0.5f * far * far;
            }
        }
        // The slope of a state's logarithm; those of a moment add up to −1.
        lane d[STATES];
        for (int i = 0; i < STATES; i++)
            d[i] = -share[LENGTH - 1][i] * way[0][0];
        for (int t = LENGTH - 1; t >= 0; t--) {
            for (int j = 0; j < STATES; j++)
                dm[j] += d[j] * (input(t, n) - mean[j]);
            if (t == 0)
                break;
            lane by[STATES], before[STATES];
            for (int j = 0; j < STATES; j++)
                by[j] = d[j] / way[t][j];
            for (int i = 0; i < STATES; i++) {
                lane all = by[0] * a[i][0];
                for (int j = 1; j < STATES; j++)
                    all += by[j] * a[i][j];
                for (int j = 0; j < STATES; j++)
                    da[i][j] += share[t - 1][i] * by[j];
                before[i] = share[t - 1][i] * all;
            }
            memcpy(d, before, sizeof d);
        }
    }
    // From probabilities to what their softmax is of.
    const float scale = 1.0f / (LENGTH * EXAMPLES);
    for (int i = 0; i < STATES; i++) {
        float mixed = 0, of[STATES];
        for (int j = 0; j < STATES; j++)
            mixed += (of[j] = sum_of(da[i][j])) * a[i][j];
        for (int j = 0; j < STATES; j++)
            g[i * STATES + j] = scale * a[i][j] * (of[j] - mixed);
    }
    for (int j = 0; j < STATES; j++)
        g[STATES * STATES + j] = scale * sum_of(dm[j]);
    return sum_of(sum) * scale;
}
