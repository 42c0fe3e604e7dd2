// Row B in plain C: 2-16-16-1 ReLU, 100 points at once, hinge + 1e-4 Σp², gradient descent with a falling rate.
// Points lie side by side in vectors (the compiler's own vector type), padded with points of label 0, which count for nothing.
#include "peer.h"

#if defined(__AVX512F__)
enum { WIDTH = 16 };
#else
enum { WIDTH = 8 };
#endif

typedef float vector __attribute__((vector_size(4 * WIDTH)));

enum { N = 100, V = (N + WIDTH - 1) / WIDTH, I = 2, H = 16 }; // points, vectors of points, inputs, neurons of a hidden layer

typedef struct {
    float w1[H][I], b1[H], w2[H][H], b2[H], w3[H], b3;
} Weights;

enum { COUNT = sizeof(Weights) / sizeof(float) };

static Weights initial, w, g;
static vector x[I][V], label[V], a[H][V], b[H][V], da[H][V], db[H][V];

static void restart(void)
{
    w = initial;
}

static float total(vector v)
{
    float sum = 0;
    for (int i = 0; i < WIDTH; i++)
        sum += v[i];
    return sum;
}

static vector where_positive(vector condition, vector value)
{
    return (vector)((condition > 0) & (__typeof__(condition > 0))value);
}

static double step(int k)
{
    vector loss = {0}, out_bias = {0}, out_weight[H] = {{0}}, bias[H] = {{0}};
    for (int v = 0; v < V; v++) {
        for (int j = 0; j < H; j++) {
            vector sum = w.b1[j] + w.w1[j][0] * x[0][v] + w.w1[j][1] * x[1][v];
            a[j][v] = where_positive(sum, sum);
        }
        vector score = w.b3 - (vector){0};
        for (int j = 0; j < H; j += 4) {
            vector sum[4];
            for (int q = 0; q < 4; q++)
                sum[q] = w.b2[j + q] - (vector){0};
            for (int i = 0; i < H; i++)
                for (int q = 0; q < 4; q++)
                    sum[q] += w.w2[j + q][i] * a[i][v];
            for (int q = 0; q < 4; q++) {
                b[j + q][v] = where_positive(sum[q], sum[q]);
                score += w.w3[j + q] * b[j + q][v];
            }
        }

        vector margin = where_positive(label[v] * label[v], 1 - label[v] * score); // padding has label 0 and no margin
        loss += where_positive(margin, margin);
        vector dscore = where_positive(margin, label[v] * (-1.0f / N));
        out_bias += dscore;
        for (int j = 0; j < H; j++) {
            out_weight[j] += dscore * b[j][v];
            db[j][v] = where_positive(b[j][v], dscore * w.w3[j]);
            bias[j] += db[j][v];
        }
        for (int i = 0; i < H; i += 4) {
            vector sum[4] = {{0}};
            for (int j = 0; j < H; j++)
                for (int q = 0; q < 4; q++)
                    sum[q] += w.w2[j][i + q] * db[j][v];
            for (int q = 0; q < 4; q++)
                da[i + q][v] = where_positive(a[i + q][v], sum[q]);
        }
    }

    g.b3 = total(out_bias);
    for (int j = 0; j < H; j++) {
        g.w3[j] = total(out_weight[j]);
        g.b2[j] = total(bias[j]);
        vector first = {0}, second = {0}, third = {0};
        for (int v = 0; v < V; v++) {
            first += da[j][v] * x[0][v];
            second += da[j][v] * x[1][v];
            third += da[j][v];
        }
        g.w1[j][0] = total(first);
        g.w1[j][1] = total(second);
        g.b1[j] = total(third);
        for (int i = 0; i < H; i += 4) {
            vector sum[4] = {{0}};
            for (int v = 0; v < V; v++)
                for (int q = 0; q < 4; q++)
                    sum[q] += db[j][v] * a[i + q][v];
            for (int q = 0; q < 4; q++)
                g.w2[j][i + q] = total(sum[q]);
        }
    }

    float *p = (float *)&w, *q = (float *)&g, rate = 1 - 0.9f * (float)k / 100, penalty = 0;
    for (int i = 0; i < COUNT; i++) {
        penalty += p[i] * p[i];
        p[i] -= rate * (q[i] + 2e-4f * p[i]);
    }
    return total(loss) / N + 1e-4f * penalty;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("layers", 3);
    expect("inputs", I);
    expect("neurons", H);
    expect("neurons", H);
    expect("outputs", 1);
    expect("points", N);
    expect("targets", 1);
    for (int n = 0; n < N; n++) {
        x[0][n / WIDTH][n % WIDTH] = (float)number();
        x[1][n / WIDTH][n % WIDTH] = (float)number();
        label[n / WIDTH][n % WIDTH] = (float)number();
    }
    for (int j = 0; j < H; j++) {
        for (int i = 0; i < I; i++)
            initial.w1[j][i] = (float)number();
        initial.b1[j] = (float)number();
    }
    for (int j = 0; j < H; j++) {
        for (int i = 0; i < H; i++)
            initial.w2[j][i] = (float)number();
        initial.b2[j] = (float)number();
    }
    for (int j = 0; j < H; j++)
        initial.w3[j] = (float)number();
    initial.b3 = (float)number();
    return serve();
}
