// Row P3 by hand: soft-DTW, lanes are series. The shares of the three ways into a cell are kept for the way back.
#define LENGTH 24
#define PARAMETERS LENGTH
#define INPUTS LENGTH
#define EXAMPLES 16
#include "program.h"

static const float by_gamma = 2; // 1 ÷ γ
static lane cost[LENGTH + 1][LENGTH + 1], share[LENGTH][LENGTH][3], slope[LENGTH + 1][LENGTH + 1];

static double differentiate(void)
{
    lane sum = {0}, dc[LENGTH];
    memset(dc, 0, sizeof dc);
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        for (int i = 0; i < LENGTH; i++) {
            for (int j = 0; j < LENGTH; j++) {
                const lane far = input(i, n) - p[j], apart = far * far;
                if (i == 0 || j == 0) {
                    cost[i][j] = i > 0 ? apart + cost[i - 1][j] : j > 0 ? apart + cost[i][j - 1] : apart;
                    continue;
                }
                const lane a = cost[i - 1][j - 1], b = cost[i - 1][j], c = cost[i][j - 1];
                const lane some = where(b < c, b, c), least = where(a < some, a, some);
                const lane ea = exp_at((least - a) * by_gamma), eb = exp_at((least - b) * by_gamma), ec = exp_at((least - c) * by_gamma);
                const lane all = ea + eb + ec, one = 1 / all;
                share[i][j][0] = ea * one;
                share[i][j][1] = eb * one;
                share[i][j][2] = ec * one;
                cost[i][j] = apart + least - log_of(all) / by_gamma;
            }
        }
        sum += cost[LENGTH - 1][LENGTH - 1];
        memset(slope, 0, sizeof slope);
        slope[LENGTH - 1][LENGTH - 1] += 1;
        for (int i = LENGTH - 1; i >= 0; i--) {
            for (int j = LENGTH - 1; j >= 0; j--) {
                const lane d = slope[i][j];
                dc[j] -= 2 * d * (input(i, n) - p[j]);
                if (i > 0 && j > 0) {
                    slope[i - 1][j - 1] += d * share[i][j][0];
                    slope[i - 1][j] += d * share[i][j][1];
                    slope[i][j - 1] += d * share[i][j][2];
                } else if (i > 0) {
                    slope[i - 1][j] += d;
                } else if (j > 0) {
                    slope[i][j - 1] += d;
                }
            }
        }
    }
    for (int j = 0; j < LENGTH; j++)
        g[j] = sum_of(dc[j]) / EXAMPLES;
    return sum_of(sum) / EXAMPLES;
}
