// Row P5 by hand: a Kalman filter of place and speed, lanes are tracks. What a sighting found is kept for the way back.
#define SIGHTINGS 100
#define PARAMETERS 3
#define INPUTS SIGHTINGS
#define EXAMPLES 32
#include "program.h"

static const float h = 0.1f;

// Before a step: place, speed and covariance.
typedef struct {
    lane x, v, pp, ps, ss;
} state;

static double differentiate(void)
{
    const float kept = 1 - p[0] * h, process = expf(p[1]), sight = expf(p[2]);
    static state s[SIGHTINGS + 1];
    lane sum = {0}, d_kept = {0}, d_process = {0}, d_sight = {0};
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE) {
        const lane zero = 0 * sum;
        s[0] = (state){zero, zero, zero + 1, zero, zero + 1};
        for (int t = 0; t < SIGHTINGS; t++) {
            const state b = s[t];
            const lane place = b.x + h * b.v, speed = kept * b.v;
            const lane pp = b.pp + 2 * h * b.ps + h * h * b.ss, ps = kept * (b.ps + h * b.ss), ss = kept * kept * b.ss + process;
            const lane surprise = input(t, n) - place, variance = pp + sight, one = 1 / variance;
            sum += surprise * surprise * one + log_of(variance);
            const lane gx = pp * one, gv = ps * one;
            s[t + 1] = (state){place + gx * surprise, speed + gv * surprise, (1 - gx) * pp, (1 - gx) * ps, ss - gv * ps};
        }
        state d = {zero, zero, zero, zero, zero};
        for (int t = SIGHTINGS - 1; t >= 0; t--) {
            const state b = s[t];
            const lane place = b.x + h * b.v;
            const lane pp = b.pp + 2 * h * b.ps + h * h * b.ss, mixed = b.ps + h * b.ss, ps = kept * mixed;
            const lane surprise = input(t, n) - place, variance = pp + sight, one = 1 / variance, gx = pp * one, gv = ps * one;
            const lane d_gx = d.x * surprise - d.pp * pp - d.ps * ps, d_gv = d.v * surprise - d.ss * ps;
            lane d_surprise = d.x * gx + d.v * gv + 2 * surprise * one;
            const lane d_one = d_gx * pp + d_gv * ps + surprise * surprise;
            const lane d_variance = one - d_one * one * one;
            const lane d_pp = d.pp * (1 - gx) + d_gx * one + d_variance;
            const lane d_ps = d.ps * (1 - gx) - d.ss * gv + d_gv * one;
            const lane d_x = d.x - d_surprise;
            d_sight += d_variance;
            d_process += d.ss;
            d_kept += d.v * b.v + d_ps * mixed + 2 * kept * d.ss * b.ss;
            d = (state){
                d_x,
                h * d_x + kept * d.v,
                d_pp,
                2 * h * d_pp + kept * d_ps,
                h * h * d_pp + h * kept * d_ps + kept * kept * d.ss,
            };
        }
    }
    const float scale = 1.0f / (2 * SIGHTINGS * EXAMPLES);
    g[0] = -h * sum_of(d_kept) * scale;
    g[1] = process * sum_of(d_process) * scale;
    g[2] = sight * sum_of(d_sight) * scale;
    return sum_of(sum) * scale;
}
