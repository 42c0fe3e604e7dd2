// Row LR by hand: logistic regression of 10,000 examples of 30 numbers, the mean cross-entropy, gradient descent with rate
// 0.5 on all of them at once. Lanes are examples, laid out so that memory is read once, from one end to the other: a few
// vectors of examples stay in the nearest cache between their scores and what they add to the gradient.
#include "peer.h"
#include "vectors.h"

enum { N = 10000, I = 30, GROUP = 5, GROUPS = N / (GROUP * LANES) };

typedef struct {
    float weight[I], bias;
} Weights;

static Weights initial, w;
static vector x[GROUPS][I][GROUP], label[GROUPS][GROUP];

static void restart(void)
{
    w = initial;
}

static double step(int k)
{
    (void)k;
    vector slope[I] = {{0}}, bias_slope = {0};
    double loss = 0;
    for (int g = 0; g < GROUPS; g++) {
        vector score[GROUP], rest[GROUP], sum = {0}, powers = all(1);
        for (int v = 0; v < GROUP; v++)
            score[v] = all(w.bias);
        for (int i = 0; i < I; i++)
            for (int v = 0; v < GROUP; v++)
                score[v] += w.weight[i] * x[g][i][v];
        for (int v = 0; v < GROUP; v++) {
            // ln(1 + e^s) = max(s, 0) + ln(1 + e^−|s|); of several, the logarithm of the product.
            const vector s = score[v], power = exp_of(where(s > 0, -s, s)), share = 1 / (1 + power);
            powers *= 1 + power;
            sum += where(s > 0, s, (vector){0}) - label[g][v] * s;
            rest[v] = where(s > 0, share, power * share) - label[g][v];
            bias_slope += rest[v];
        }
        for (int i = 0; i < I; i++)
            for (int v = 0; v < GROUP; v++)
                slope[i] += rest[v] * x[g][i][v];
        for (int l = 0; l < LANES; l++)
            powers[l] = logf(powers[l]);
        loss += total(sum + powers);
    }
    const float rate = 0.5f / N;
    for (int i = 0; i < I; i++)
        w.weight[i] -= rate * total(slope[i]);
    w.bias -= rate * total(bias_slope);
    return loss / N;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("layers", 1);
    expect("inputs", I);
    expect("outputs", 1);
    expect("examples", N);
    expect("targets", 1);
    for (int n = 0; n < N; n++) {
        const int g = n / (GROUP * LANES), v = n / LANES % GROUP, lane = n % LANES;
        for (int i = 0; i < I; i++)
            x[g][i][v][lane] = (float)number();
        label[g][v][lane] = (float)number();
    }
    for (int i = 0; i < I; i++)
        initial.weight[i] = (float)number();
    initial.bias = (float)number();
    return serve();
}
