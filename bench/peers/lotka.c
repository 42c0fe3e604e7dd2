// Rows V by hand: Lotka–Volterra by Runge and Kutta's method of fourth order, 200 steps, from one start or from many; the mean squared distance
// of all steps from (1, 1), its gradient in the four rates, gradient descent. Lanes are starts. Backward the stages of a step are computed
// again from its state, which is all that is kept.
#define PARAMETERS 4
#define INPUTS 2
#include "program.h"

enum { STEPS = 200 };
static const float h = 0.01f;

typedef struct {
    lane u, v;
} state;

FIXED state slope(state s)
{
    const lane both = s.u * s.v;
    return (state){p[0] * s.u - p[1] * both, p[2] * both - p[3] * s.v};
}

FIXED state after(state s, float by, state k)
{
    return (state){s.u + by * k.u, s.v + by * k.v};
}

// The gradient k of a slope goes to its state, and to the rates.
FIXED state backward(state s, state k, lane g[4])
{
    const lane both = s.u * s.v;
    g[0] += k.u * s.u;
    g[1] -= k.u * both;
    g[2] += k.v * both;
    g[3] -= k.v * s.v;
    const lane mixed = p[2] * k.v - p[1] * k.u;
    return (state){p[0] * k.u + mixed * s.v, mixed * s.u - p[3] * k.v};
}

// The loss of a start, and what it adds to the gradients.
static lane fit(state s, lane g[4])
{
    state kept[STEPS];
    lane loss = {0};
    for (int t = 0; t < STEPS; t++) {
        kept[t] = s;
        const state k1 = slope(s), k2 = slope(after(s, h / 2, k1));
        const state k3 = slope(after(s, h / 2, k2)), k4 = slope(after(s, h, k3));
        s.u += h / 6 * (k1.u + 2 * (k2.u + k3.u) + k4.u);
        s.v += h / 6 * (k1.v + 2 * (k2.v + k3.v) + k4.v);
        loss += (s.u - 1) * (s.u - 1) + (s.v - 1) * (s.v - 1);
    }
    state next = s, back = {0 * s.u, 0 * s.v};
    for (int t = STEPS - 1; t >= 0; t--) {
        const state s1 = kept[t], k1 = slope(s1), s2 = after(s1, h / 2, k1), k2 = slope(s2);
        const state s3 = after(s1, h / 2, k2), k3 = slope(s3), s4 = after(s1, h, k3);
        const state d = {back.u + 2 * (next.u - 1), back.v + 2 * (next.v - 1)};
        const state b4 = backward(s4, (state){h / 6 * d.u, h / 6 * d.v}, g);
        const state b3 = backward(s3, (state){h / 3 * d.u + h * b4.u, h / 3 * d.v + h * b4.v}, g);
        const state b2 = backward(s2, (state){h / 3 * d.u + h / 2 * b3.u, h / 3 * d.v + h / 2 * b3.v}, g);
        const state b1 = backward(s1, (state){h / 6 * d.u + h / 2 * b2.u, h / 6 * d.v + h / 2 * b2.v}, g);
        back.u = d.u + b4.u + b3.u + b2.u + b1.u;
        back.v = d.v + b4.v + b3.v + b2.v + b1.v;
        next = s1;
    }
    return loss;
}

static double differentiate(void)
{
    lane sums[4], sum = {0};
    memset(sums, 0, sizeof sums);
    for (int n = 0; n < EXAMPLES; n += SIDE_BY_SIDE)
        sum += fit((state){input(0, n), input(1, n)}, sums);
    for (int i = 0; i < 4; i++)
        g[i] = sum_of(sums[i]) / (STEPS * EXAMPLES);
    return sum_of(sum) / (STEPS * EXAMPLES);
}
