// Rows V by hand: Lotka–Volterra by Runge and Kutta's method of fourth order, 200 steps, from one start or from many; the mean squared distance
// of all steps from (1, 1), its gradient in the four rates, gradient descent. Lanes are starts. Backward the stages of a step are computed
// again from its state, which is all that is kept.
#include "peer.h"
#include "vectors.h"

enum { STEPS = 200, MOST = 4096 };
static const float h = 0.01f;

static int starts;
static float initial[4], p[4], u0[MOST], v0[MOST];

static void restart(void)
{
    memcpy(p, initial, sizeof p);
}

// For numbers and for vectors alike: the loss of a start, and what it adds to the gradients.
#define FIT(name, type) \
typedef struct { type u, v; } name##_state; \
FIXED name##_state name##_slope(name##_state s) \
{ \
    const type both = s.u * s.v; \
    return (name##_state){p[0] * s.u - p[1] * both, p[2] * both - p[3] * s.v}; \
} \
FIXED name##_state name##_after(name##_state s, float by, name##_state k) \
{ \
    return (name##_state){s.u + by * k.u, s.v + by * k.v}; \
} \
/* The gradient k of a slope goes to its state, and to the rates. */ \
FIXED name##_state name##_back(name##_state s, name##_state k, type g[4]) \
{ \
    const type both = s.u * s.v; \
    g[0] += k.u * s.u; \
    g[1] -= k.u * both; \
    g[2] += k.v * both; \
    g[3] -= k.v * s.v; \
    const type mixed = p[2] * k.v - p[1] * k.u; \
    return (name##_state){p[0] * k.u + mixed * s.v, mixed * s.u - p[3] * k.v}; \
} \
static type name(name##_state s, type g[4]) \
{ \
    name##_state kept[STEPS]; \
    type loss = {0}; \
    for (int t = 0; t < STEPS; t++) { \
        kept[t] = s; \
        const name##_state k1 = name##_slope(s), k2 = name##_slope(name##_after(s, h / 2, k1)); \
        const name##_state k3 = name##_slope(name##_after(s, h / 2, k2)), k4 = name##_slope(name##_after(s, h, k3)); \
        s.u += h / 6 * (k1.u + 2 * (k2.u + k3.u) + k4.u); \
        s.v += h / 6 * (k1.v + 2 * (k2.v + k3.v) + k4.v); \
        loss += (s.u - 1) * (s.u - 1) + (s.v - 1) * (s.v - 1); \
    } \
    name##_state after = s, back = {(type){0}, (type){0}}; \
    for (int t = STEPS - 1; t >= 0; t--) { \
        const name##_state s1 = kept[t], k1 = name##_slope(s1), s2 = name##_after(s1, h / 2, k1), k2 = name##_slope(s2); \
        const name##_state s3 = name##_after(s1, h / 2, k2), k3 = name##_slope(s3), s4 = name##_after(s1, h, k3); \
        const name##_state d = {back.u + 2 * (after.u - 1), back.v + 2 * (after.v - 1)}; \
        const name##_state b4 = name##_back(s4, (name##_state){h / 6 * d.u, h / 6 * d.v}, g); \
        const name##_state b3 = name##_back(s3, (name##_state){h / 3 * d.u + h * b4.u, h / 3 * d.v + h * b4.v}, g); \
        const name##_state b2 = name##_back(s2, (name##_state){h / 3 * d.u + h / 2 * b3.u, h / 3 * d.v + h / 2 * b3.v}, g); \
        const name##_state b1 = name##_back(s1, (name##_state){h / 6 * d.u + h / 2 * b2.u, h / 6 * d.v + h / 2 * b2.v}, g); \
        back.u = d.u + b4.u + b3.u + b2.u + b1.u; \
        back.v = d.v + b4.v + b3.v + b2.v + b1.v; \
        after = s1; \
    } \
    return loss; \
}

FIT(of_one, float)
FIT(of_many, vector)

static double step(int k)
{
    (void)k;
    double loss = 0, slopes[4] = {0};
    if (starts == 1) {
        float g[4] = {0};
        loss = of_one((of_one_state){u0[0], v0[0]}, g);
        for (int i = 0; i < 4; i++)
            slopes[i] = g[i];
    } else {
        vector g[4] = {{0}}, sum = {0};
        for (int n = 0; n < starts; n += LANES)
            sum += of_many((of_many_state){load(u0 + n), load(v0 + n)}, g);
        loss = total(sum);
        for (int i = 0; i < 4; i++)
            slopes[i] = total(g[i]);
    }
    for (int i = 0; i < 4; i++)
        p[i] -= 1e-3f / (STEPS * starts) * (float)slopes[i];
    return loss / (STEPS * (double)starts);
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    starts = (int)number();
    if (starts != 1 && (starts % LANES || starts > MOST)) {
        fprintf(stderr, "expected one start, or whole vectors of them\n");
        exit(1);
    }
    for (int i = 0; i < 4; i++)
        initial[i] = (float)number();
    for (int n = 0; n < starts; n++) {
        u0[n] = (float)number();
        v0[n] = (float)number();
    }
    return serve();
}
