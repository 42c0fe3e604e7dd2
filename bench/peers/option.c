// Row P10 by hand: American options by a binomial tree, lanes are options. What each node is worth is kept for the way back.
#define PARAMETERS 2
#define INPUTS 3
#define EXAMPLES 16
#include "program.h"

enum { STEPS = 48 };

static lane worth[STEPS + 1][STEPS + 1], share[2 * STEPS + 1], d_share[2 * STEPS + 1], slope[2][STEPS + 2];

static double differentiate(void)
{
    lane sum = {0}, d_volatility = {0}, d_interest = {0};
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        const lane strike = input(0, n), step = input(1, n) / STEPS;
        lane root;
        for (int l = 0; l < LANES; l++)
            root[l] = sqrtf(step[l]);
        const lane up = exp_at(p[0] * root), down = 1 / up, growth = exp_at(p[1] * step), less = 1 / growth;
        const lane range = 1 / (up - down), chance = (growth - down) * range, rise = chance * less, fall = (1 - chance) * less;
        share[STEPS] = 0 * strike + 1;
        for (int i = 1; i <= STEPS; i++) {
            share[STEPS + i] = share[STEPS + i - 1] * up;
            share[STEPS - i] = share[STEPS - i + 1] * down;
        }
        for (int i = 0; i <= STEPS; i++) {
            const lane now_ = strike - share[2 * i];
            worth[STEPS][i] = where(now_ > 0, now_, 0 * now_);
        }
        for (int t = STEPS - 1; t >= 0; t--)
            for (int i = 0; i <= t; i++) {
                const lane kept = rise * worth[t + 1][i + 1] + fall * worth[t + 1][i], now_ = strike - share[STEPS - t + 2 * i];
                worth[t][i] = where(kept > now_, kept, now_);
            }
        const lane far = worth[0][0] - input(2, n);
        sum += far * far;

        lane d_rise = {0}, d_fall = {0}, *d = slope[0], *after = slope[1];
        memset(d_share, 0, sizeof d_share);
        d[0] = 2.0f / EXAMPLES * far;
        for (int t = 0; t < STEPS; t++) {
            after[0] = 0 * far;
            for (int i = 0; i <= t; i++) {
                const lane now_ = strike - share[STEPS - t + 2 * i];
                const mask used = worth[t][i] == now_;
                d_share[STEPS - t + 2 * i] -= where(used, d[i], 0 * far);
                const lane kept = where(used, 0 * far, d[i]);
                d_rise += kept * worth[t + 1][i + 1];
                d_fall += kept * worth[t + 1][i];
                after[i] += kept * fall;
                after[i + 1] = kept * rise;
            }
            lane *other = d;
            d = after;
            after = other;
        }
        for (int i = 0; i <= STEPS; i++)
            d_share[2 * i] -= where(worth[STEPS][i] > 0, d[i], 0 * far);
        // The power that a share is of up, for up and for down = 1 / up alike, becomes a factor.
        lane d_up = {0};
        for (int i = -STEPS; i <= STEPS; i++)
            d_up += (float)i * d_share[STEPS + i] * share[STEPS + i] * down;
        const lane d_chance = (d_rise - d_fall) * less;
        const lane d_growth = d_chance * range - (d_rise * chance + d_fall * (1 - chance)) * less * less;
        d_up += d_chance * (down * down * range - (growth - down) * range * range * (1 + down * down));
        d_volatility += d_up * up * root;
        d_interest += d_growth * growth * step;
    }
    g[0] = sum_of(d_volatility);
    g[1] = sum_of(d_interest);
    return sum_of(sum) / EXAMPLES;
}
