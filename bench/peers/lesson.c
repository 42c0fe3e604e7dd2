// Row A in plain C: 3-4-4-1, tanh on all layers, four examples, sum of squares, gradient descent with rate 0.05.
// REAL is float or double. Every loop has a fixed length, so that the compiler can unroll and vectorise all of it.
#include "peer.h"

#ifndef REAL
#define REAL float
#endif
#define TANH(x) (sizeof(REAL) == 4 ? tanhf((float)(x)) : tanh(x))

enum { N = 4, I = 3, H = 4 }; // examples, inputs, neurons of a hidden layer

typedef struct {
    REAL w1[H][I], b1[H], w2[H][H], b2[H], w3[H], b3;
} Weights;

static Weights initial, w;
static REAL x[I][N], y[N]; // examples side by side

static void restart(void)
{
    w = initial;
}

static double step(int k)
{
    (void)k;
    REAL a[H][N], b[H][N], out[N], dout[N], da[H][N], db[H][N];
    for (int j = 0; j < H; j++)
        for (int n = 0; n < N; n++)
            a[j][n] = TANH(w.b1[j] + w.w1[j][0] * x[0][n] + w.w1[j][1] * x[1][n] + w.w1[j][2] * x[2][n]);
    for (int j = 0; j < H; j++)
        for (int n = 0; n < N; n++)
            b[j][n] = TANH(w.b2[j] + w.w2[j][0] * a[0][n] + w.w2[j][1] * a[1][n] + w.w2[j][2] * a[2][n] + w.w2[j][3] * a[3][n]);
    REAL loss = 0;
    for (int n = 0; n < N; n++) {
        out[n] = TANH(w.b3 + w.w3[0] * b[0][n] + w.w3[1] * b[1][n] + w.w3[2] * b[2][n] + w.w3[3] * b[3][n]);
        REAL difference = out[n] - y[n];
        loss += difference * difference;
        dout[n] = 2 * difference * (1 - out[n] * out[n]);
    }
    for (int j = 0; j < H; j++)
        for (int n = 0; n < N; n++)
            db[j][n] = dout[n] * w.w3[j] * (1 - b[j][n] * b[j][n]);
    for (int i = 0; i < H; i++)
        for (int n = 0; n < N; n++) {
            REAL sum = 0;
            for (int j = 0; j < H; j++)
                sum += db[j][n] * w.w2[j][i];
            da[i][n] = sum * (1 - a[i][n] * a[i][n]);
        }

    const REAL rate = (REAL)0.05;
    for (int n = 0; n < N; n++) {
        w.b3 -= rate * dout[n];
        for (int j = 0; j < H; j++) {
            w.w3[j] -= rate * dout[n] * b[j][n];
            w.b2[j] -= rate * db[j][n];
            w.b1[j] -= rate * da[j][n];
            for (int i = 0; i < H; i++)
                w.w2[j][i] -= rate * db[j][n] * a[i][n];
            for (int i = 0; i < I; i++)
                w.w1[j][i] -= rate * da[j][n] * x[i][n];
        }
    }
    return loss;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("layers", 3);
    expect("inputs", I);
    expect("neurons", H);
    expect("neurons", H);
    expect("outputs", 1);
    expect("examples", N);
    expect("targets", 1);
    for (int n = 0; n < N; n++) {
        for (int i = 0; i < I; i++)
            x[i][n] = (REAL)number();
        y[n] = (REAL)number();
    }
    for (int j = 0; j < H; j++) {
        for (int i = 0; i < I; i++)
            initial.w1[j][i] = (REAL)number();
        initial.b1[j] = (REAL)number();
    }
    for (int j = 0; j < H; j++) {
        for (int i = 0; i < H; i++)
            initial.w2[j][i] = (REAL)number();
        initial.b2[j] = (REAL)number();
    }
    for (int j = 0; j < H; j++)
        initial.w3[j] = (REAL)number();
    initial.b3 = (REAL)number();
    return serve();
}
