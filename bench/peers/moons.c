// Row B by hand: 2-16-16-1 ReLU, 100 points, hinge + 1e-4 Σp², gradient descent with a falling rate.
// The 16 neurons of a layer are the lanes: a row is one vector or two. Then no product has to be summed across lanes; only
// the scores are, as many points at a time as a vector has lanes.
#include "peer.h"
#include "vectors.h"

enum { N = 100, I = 2, H = 16, ROW = H / LANES };                // points, inputs, neurons, vectors of a row
enum { GROUP = LANES == 16 ? 10 : 5, ROOM = (N + 15) / 16 * 16 }; // points whose sums stay in registers at once; points with padding

typedef struct {
    vector w1[I][ROW], b1[ROW], w2[H][ROW], b2[ROW], w3[ROW];    // w1: inputs × neurons; w2: outputs × inputs
    float b3;
} Weights;

static Weights initial, w;
static vector w2_turned[H][ROW];
static float x[N][I];
static vector label[ROOM / LANES];                               // of padding 0, so that it counts for nothing
static vector a[ROOM][ROW], b[ROOM][ROW], db[ROOM][ROW], score[ROOM / LANES][LANES], dscore[ROOM / LANES];

static void restart(void)
{
    w = initial;
}

FIXED vector where_positive(vector condition, vector value)
{
    return where(condition > 0, value, (vector){0});
}

// w2_turned: inputs × outputs. A block of rows becomes columns as halves, quarters, eighths … of it change places.
FIXED void turn(int row, int column)
{
    vector v[LANES];
    mask lane;
    for (int i = 0; i < LANES; i++) {
        v[i] = w.w2[row * LANES + i][column];
        lane[i] = i;
    }
#pragma GCC unroll 4
    for (int half = LANES / 2; half > 0; half /= 2) {
        const mask kept = lane + (lane & half) / half * (LANES - half);
        for (int i = 0; i < LANES; i++)
            if (!(i & half)) {
                vector upper = v[i], lower = v[i + half];
                v[i] = __builtin_shuffle(upper, lower, kept);
                v[i + half] = __builtin_shuffle(upper, lower, kept + half);
            }
    }
    for (int i = 0; i < LANES; i++)
        w2_turned[column * LANES + i][row] = v[i];
}

// Of GROUP points: base + from · m.
FIXED void layer(vector (*to)[ROW], const vector *base, const vector (*from)[ROW], const vector (*m)[ROW])
{
    vector sum[GROUP][ROW];
    for (int n = 0; n < GROUP; n++)
        for (int r = 0; r < ROW; r++)
            sum[n][r] = base ? base[r] : (vector){0};
    for (int i = 0; i < H; i++)
        for (int n = 0; n < GROUP; n++)
            for (int r = 0; r < ROW; r++)
                sum[n][r] += ((const float *)from[n])[i] * m[i][r];
    for (int n = 0; n < GROUP; n++)
        for (int r = 0; r < ROW; r++)
            to[n][r] = sum[n][r];
}

static float forward(void)
{
    for (int n = 0; n < N; n++)
        for (int r = 0; r < ROW; r++) {
            vector sum = w.b1[r] + x[n][0] * w.w1[0][r] + x[n][1] * w.w1[1][r];
            a[n][r] = where_positive(sum, sum);
        }
    for (int n = 0; n < N; n += GROUP)
        layer(b + n, w.b2, a + n, w2_turned);
    for (int n = 0; n < N; n++) {
        vector sum = {0};
        for (int r = 0; r < ROW; r++) {
            b[n][r] = where_positive(b[n][r], b[n][r]);
            sum += b[n][r] * w.w3[r];
        }
        score[n / LANES][n % LANES] = sum;
    }
    vector loss = {0};
    for (int v = 0; v < ROOM / LANES; v++) {
        vector sign = label[v], margin = sign * sign - sign * (totals(score[v]) + w.b3);
        loss += where_positive(margin, margin);
        dscore[v] = where_positive(margin, sign * (-1.0f / N));
    }
    return total(loss) / N;
}

// p −= rate (slope + the penalty's slope); returns the sum of p².
FIXED vector update(vector *p, vector slope, float rate)
{
    vector old = *p;
    *p = old - rate * (slope + 2e-4f * old);
    return old * old;
}

static double step(int k)
{
    const float rate = 1 - 0.9f * (float)k / 100;
    for (int row = 0; row < ROW; row++)
        for (int column = 0; column < ROW; column++)
            turn(row, column);
    float loss = forward();

    vector dw3[ROW] = {{0}}, db2[ROW] = {{0}}, out_bias = {0};
    for (int n = 0; n < N; n++)
        for (int r = 0; r < ROW; r++) {
            float d = ((const float *)dscore)[n];
            dw3[r] += d * b[n][r];
            db[n][r] = where_positive(b[n][r], d * w.w3[r]);
            db2[r] += db[n][r];
        }
    for (int v = 0; v < ROOM / LANES; v++)
        out_bias += dscore[v];

    vector dw1[I][ROW] = {{{0}}}, db1[ROW] = {{0}}, squares = {0};
    for (int n = 0; n < N; n += GROUP) {
        vector da[GROUP][ROW];
        layer(da, 0, db + n, w.w2);
        for (int q = 0; q < GROUP; q++)
            for (int r = 0; r < ROW; r++) {
                vector d = where_positive(a[n + q][r], da[q][r]);
                db1[r] += d;
                for (int i = 0; i < I; i++)
                    dw1[i][r] += x[n + q][i] * d;
            }
    }
    enum { OUTPUTS = LANES == 16 ? 16 : 4 };
    for (int j = 0; j < H; j += OUTPUTS) {
        vector sum[OUTPUTS][ROW] = {{{0}}};
        for (int n = 0; n < N; n++)
            for (int q = 0; q < OUTPUTS; q++)
                for (int r = 0; r < ROW; r++)
                    sum[q][r] += ((const float *)db[n])[j + q] * a[n][r];
        for (int q = 0; q < OUTPUTS; q++)
            for (int r = 0; r < ROW; r++)
                squares += update(&w.w2[j + q][r], sum[q][r], rate);
    }
    for (int r = 0; r < ROW; r++) {
        for (int i = 0; i < I; i++)
            squares += update(&w.w1[i][r], dw1[i][r], rate);
        squares += update(&w.b1[r], db1[r], rate) + update(&w.b2[r], db2[r], rate) + update(&w.w3[r], dw3[r], rate);
    }
    float penalty = total(squares) + w.b3 * w.b3;
    w.b3 -= rate * (total(out_bias) + 2e-4f * w.b3);
    return loss + 1e-4f * penalty;
}

static float *lane(vector *row, int neuron)
{
    return (float *)row + neuron;
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
        for (int i = 0; i < I; i++)
            x[n][i] = (float)number();
        ((float *)label)[n] = (float)number();
    }
    for (int j = 0; j < H; j++) {
        for (int i = 0; i < I; i++)
            *lane(initial.w1[i], j) = (float)number();
        *lane(initial.b1, j) = (float)number();
    }
    for (int j = 0; j < H; j++) {
        for (int i = 0; i < H; i++)
            *lane(initial.w2[j], i) = (float)number();
        *lane(initial.b2, j) = (float)number();
    }
    for (int j = 0; j < H; j++)
        *lane(initial.w3, j) = (float)number();
    initial.b3 = (float)number();
    return serve();
}
