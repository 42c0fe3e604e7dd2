// Row E in plain C: the last three characters as rows of a table, 200 tanh neurons, 27 logits, a batch of 32 examples
// drawn inside the step, gradient descent with rate 0.1. Examples lie side by side in the columns of every matrix. The
// last input of each layer is always 1: its weight is the bias.
#include <stdint.h>

#include "peer.h"
#include "product.h"

enum { BATCH = 32, CONTEXT = 3, EMBEDDING = 10, INPUTS = CONTEXT * EMBEDDING, HIDDEN = 200, VOCABULARY = 27 };
enum { INPUT_ROOM = 32, HIDDEN_ROOM = 208 }; // with the bias, up to whole vectors

typedef struct {
    float table[VOCABULARY][EMBEDDING], hidden[HIDDEN][INPUT_ROOM], output[VOCABULARY][HIDDEN_ROOM];
} Weights;

typedef float Rows[BATCH];

static Weights initial, w, g;
static Rows x[INPUT_ROOM], h[HIDDEN_ROOM], logit[VOCABULARY], dx[INPUTS], dh[HIDDEN];
static float x_turned[BATCH][INPUT_ROOM], h_turned[BATCH][HIDDEN_ROOM];

static int examples, (*example)[CONTEXT + 1];

static void restart(void)
{
    w = initial;
}

// The same examples for every contender, spread over all there are: multiples of 2^32 divided by the golden ratio.
static const int *draw(int number)
{
    uint32_t drawn = (uint32_t)number * 2654435761u;
    return example[(uint64_t)drawn * (uint64_t)examples >> 32];
}

static float cross_entropy(const int **chosen)
{
    float total = 0, max[BATCH], sum[BATCH] = {0};
    memcpy(max, logit[0], sizeof max);
    for (int c = 1; c < VOCABULARY; c++)
        for (int n = 0; n < BATCH; n++)
            max[n] = max[n] > logit[c][n] ? max[n] : logit[c][n];
    for (int n = 0; n < BATCH; n++)
        total += max[n] - logit[chosen[n][CONTEXT]][n];
    for (int c = 0; c < VOCABULARY; c++)
        for (int n = 0; n < BATCH; n += LANES) {
            vector power = exp_of(load(logit[c] + n) - load(max + n));
            store(logit[c] + n, power);
            store(sum + n, load(sum + n) + power);
        }
    for (int n = 0; n < BATCH; n++)
        total += logf(sum[n]);
    for (int c = 0; c < VOCABULARY; c++)
        for (int n = 0; n < BATCH; n++)
            logit[c][n] /= sum[n] * BATCH;
    for (int n = 0; n < BATCH; n++)
        logit[chosen[n][CONTEXT]][n] -= 1.0f / BATCH;
    return total / BATCH;
}

static double step(int k)
{
    const int *chosen[BATCH];
    for (int n = 0; n < BATCH; n++) {
        chosen[n] = draw(k * BATCH + n);
        for (int c = 0; c < CONTEXT; c++)
            memcpy(x_turned[n] + c * EMBEDDING, w.table[chosen[n][c]], sizeof *w.table);
        x_turned[n][INPUTS] = 1;
    }
    for (int i = 0; i < INPUT_ROOM; i++)
        for (int n = 0; n < BATCH; n++)
            x[i][n] = x_turned[n][i];
    product_of(h[0], BATCH, 0, (Matrix){w.hidden[0], INPUT_ROOM, 1}, x[0], BATCH, HIDDEN, INPUTS + 1, BATCH);
    for (int i = 0; i < HIDDEN; i++)
        for (int n = 0; n < BATCH; n += LANES)
            store(h[i] + n, tanh_of(load(h[i] + n)));
    for (int n = 0; n < BATCH; n++)
        h[HIDDEN][n] = 1;
    product_of(logit[0], BATCH, 0, (Matrix){w.output[0], HIDDEN_ROOM, 1}, h[0], BATCH, VOCABULARY, HIDDEN + 1, BATCH);
    float loss = cross_entropy(chosen);

    for (int n = 0; n < BATCH; n++)
        for (int i = 0; i <= HIDDEN; i++)
            h_turned[n][i] = h[i][n];
    product_of(g.output[0], HIDDEN_ROOM, 0, (Matrix){logit[0], BATCH, 1}, h_turned[0], HIDDEN_ROOM, VOCABULARY, BATCH, HIDDEN_ROOM);
    product_of(dh[0], BATCH, 0, (Matrix){w.output[0], 1, HIDDEN_ROOM}, logit[0], BATCH, HIDDEN, VOCABULARY, BATCH);
    for (int i = 0; i < HIDDEN; i++)
        for (int n = 0; n < BATCH; n++)
            dh[i][n] *= 1 - h[i][n] * h[i][n];
    product_of(g.hidden[0], INPUT_ROOM, 0, (Matrix){dh[0], BATCH, 1}, x_turned[0], INPUT_ROOM, HIDDEN, BATCH, INPUT_ROOM);
    product_of(dx[0], BATCH, 0, (Matrix){w.hidden[0], 1, INPUT_ROOM}, dh[0], BATCH, INPUTS, HIDDEN, BATCH);
    memset(g.table, 0, sizeof g.table);
    for (int n = 0; n < BATCH; n++)
        for (int c = 0; c < CONTEXT; c++)
            for (int i = 0; i < EMBEDDING; i++)
                g.table[chosen[n][c]][i] += dx[c * EMBEDDING + i][n];

    float *p = (float *)&w, *slope = (float *)&g;
    for (size_t i = 0; i < sizeof w / sizeof *p; i++)
        p[i] -= 0.1f * slope[i];
    return loss;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("context", CONTEXT);
    expect("embedding", EMBEDDING);
    expect("hidden", HIDDEN);
    expect("vocabulary", VOCABULARY);
    expect("batch", BATCH);
    examples = (int)number();
    example = calloc((size_t)examples, sizeof *example);
    if (!example)
        exit(1);
    for (int n = 0; n < examples; n++)
        for (int c = 0; c <= CONTEXT; c++)
            example[n][c] = (int)number();
    for (int v = 0; v < VOCABULARY; v++)
        for (int i = 0; i < EMBEDDING; i++)
            initial.table[v][i] = (float)number();
    for (int j = 0; j < HIDDEN; j++)
        for (int i = 0; i <= INPUTS; i++)
            initial.hidden[j][i] = (float)number();
    for (int j = 0; j < VOCABULARY; j++)
        for (int i = 0; i <= HIDDEN; i++)
            initial.output[j][i] = (float)number();
    return serve();
}
