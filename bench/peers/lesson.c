// Row A by hand: 3-4-4-1, tanh on all layers, four examples, sum of squares, gradient descent with rate 0.05.
// The four examples are the lanes of short vectors, one for each neuron; a row of weights with its bias is one as well, so
// that a step is straight code without a loop.
#include "peer.h"
#include "vectors.h"

typedef float four __attribute__((vector_size(16)));
typedef int choice __attribute__((vector_size(16)));

enum { N = 4, I = 3, H = 4 }; // examples, inputs, neurons of a hidden layer

typedef struct {
    four w1[H], w2[H], b2, w3; // the last of a row of w1 is its bias
    float b3;
} Weights;

static Weights initial, w;
static four x[I + 1], y; // examples side by side; the last input is 1

static void restart(void)
{
    w = initial;
}

FIXED four tanh_of_four(four x)
{
#if defined(__AVX__)
    const four bound = {9, 9, 9, 9};
    return TANH_WITHIN_9(_mm_min_ps(bound, _mm_max_ps(-bound, x)));
#else
    for (int n = 0; n < N; n++)
        x[n] = fminf(9, fmaxf(-9, x[n]));
    return TANH_WITHIN_9(x);
#endif
}

// The sums over the examples of four vectors.
FIXED four sums(four a, four b, four c, four d)
{
    four ab = __builtin_shuffle(a, b, (choice){0, 4, 1, 5}) + __builtin_shuffle(a, b, (choice){2, 6, 3, 7});
    four cd = __builtin_shuffle(c, d, (choice){0, 4, 1, 5}) + __builtin_shuffle(c, d, (choice){2, 6, 3, 7});
    return __builtin_shuffle(ab, cd, (choice){0, 1, 4, 5}) + __builtin_shuffle(ab, cd, (choice){2, 3, 6, 7});
}

FIXED float sum(four a)
{
    return (a[0] + a[1]) + (a[2] + a[3]);
}

static double step(int k)
{
    (void)k;
    const float rate = 0.05f;
    four a[H], b[H], da[H], db[H];
    for (int j = 0; j < H; j++)
        a[j] = tanh_of_four((w.w1[j][3] + w.w1[j][0] * x[0]) + (w.w1[j][1] * x[1] + w.w1[j][2] * x[2]));
    for (int j = 0; j < H; j++)
        b[j] = tanh_of_four((w.b2[j] + w.w2[j][0] * a[0] + w.w2[j][1] * a[1]) + (w.w2[j][2] * a[2] + w.w2[j][3] * a[3]));
    four out = tanh_of_four((w.b3 + w.w3[0] * b[0] + w.w3[1] * b[1]) + (w.w3[2] * b[2] + w.w3[3] * b[3]));
    four difference = out - y, dout = 2 * difference * (1 - out * out);
    for (int j = 0; j < H; j++)
        db[j] = dout * (w.w3[j] * (1 - b[j] * b[j]));
    for (int i = 0; i < H; i++)
        da[i] = ((db[0] * w.w2[0][i] + db[1] * w.w2[1][i]) + (db[2] * w.w2[2][i] + db[3] * w.w2[3][i])) * (1 - a[i] * a[i]);

    w.b3 -= rate * sum(dout);
    w.w3 -= rate * sums(dout * b[0], dout * b[1], dout * b[2], dout * b[3]);
    w.b2 -= rate * sums(db[0], db[1], db[2], db[3]);
    for (int j = 0; j < H; j++)
        w.w2[j] -= rate * sums(db[j] * a[0], db[j] * a[1], db[j] * a[2], db[j] * a[3]);
    for (int j = 0; j < H; j++)
        w.w1[j] -= rate * sums(da[j] * x[0], da[j] * x[1], da[j] * x[2], da[j]);
    return sum(difference * difference);
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
            x[i][n] = (float)number();
        x[I][n] = 1;
        y[n] = (float)number();
    }
    for (int j = 0; j < H; j++)
        for (int i = 0; i <= I; i++)
            initial.w1[j][i] = (float)number();
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
