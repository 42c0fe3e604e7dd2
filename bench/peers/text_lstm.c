// Rows T by hand: an LSTM that reads names, SGD. Of many documents, sorted by length, those that have a position t lie side by side at t, so that
// columns of every product are documents, or all positions of all of them where nothing depends on the one before. Of one document products are
// of a matrix and a vector, along the matrix's rows. BATCH is fixed when it is built.
#include "peer.h"
#include "product.h"

enum { VOCABULARY = 27, EMBEDDING = 16, HIDDEN = 64, SEEN = EMBEDDING + HIDDEN, ROW = SEEN + 1, GATES = 4 * HIDDEN, CONTEXT = 16 };

// As they are trained: rows of weights with their bias behind them; gates in, forget, candidate, out.
typedef struct {
    float table[VOCABULARY][EMBEDDING], gates[GATES][ROW], output[VOCABULARY][HIDDEN + 1];
} Weights;

static Weights initial, w, g;
static int documents, *length, (*text)[CONTEXT + 1];
static float rate;

static void restart(void)
{
    w = initial;
}

static void update(void)
{
    float *to = (float *)&w, *by = (float *)&g;
    for (size_t i = 0; i < sizeof(Weights) / sizeof(float); i++)
        to[i] -= rate * by[i];
}

FIXED vector sigmoid_of(vector v)
{
    return 1 / (1 + exp_of(-v));
}

#if BATCH == 1

enum { WIDE = (VOCABULARY + LANES - 1) / LANES * LANES };

static float seen[CONTEXT + 1][SEEN] __attribute__((aligned(64))); // what a position sees: its embedding, and what the one before gave
static float gate[CONTEXT][GATES] __attribute__((aligned(64))), slope[CONTEXT][GATES] __attribute__((aligned(64)));
static float memory[CONTEXT + 1][HIDDEN] __attribute__((aligned(64))), bent[CONTEXT][HIDDEN] __attribute__((aligned(64))), d_logit[CONTEXT][WIDE] __attribute__((aligned(64)));

// y = W x + b for rows of weights with their bias behind them.
FIXED void times(float *y, const float *weights, const float *v, int rows, int width)
{
    for (int r = 0; r < rows; r += LANES) {
        vector sums[LANES];
        for (int l = 0; l < LANES; l++) {
            const float *row = weights + (r + l < rows ? r + l : 0) * (width + 1);
            sums[l] = (vector){0};
            for (int i = 0; i < width; i += LANES)
                sums[l] += load(row + i) * load(v + i);
        }
        vector sum = totals(sums);
        for (int l = 0; l < LANES; l++)
            sum[l] += weights[(r + l < rows ? r + l : 0) * (width + 1) + width];
        store(y + r, sum);
    }
}

static double step(int k)
{
    const int document = k % documents, positions = length[document] - 1, *tokens = text[document];
    double loss = 0;
    memset(g.table, 0, sizeof g.table);
    memset(seen[0] + EMBEDDING, 0, HIDDEN * sizeof(float));
    for (int t = 0; t < positions; t++) {
        memcpy(seen[t], w.table[tokens[t]], sizeof w.table[0]);
        float *z = gate[t];
        times(z, w.gates[0], seen[t], GATES, SEEN);
        for (int i = 0; i < HIDDEN; i += LANES) {
            const vector in = sigmoid_of(load(z + i)), forget = sigmoid_of(load(z + HIDDEN + i)), candidate = tanh_of(load(z + 2 * HIDDEN + i));
            const vector out = sigmoid_of(load(z + 3 * HIDDEN + i)), c = forget * load(memory[t] + i) + in * candidate, b = tanh_of(c);
            store(z + i, in);
            store(z + HIDDEN + i, forget);
            store(z + 2 * HIDDEN + i, candidate);
            store(z + 3 * HIDDEN + i, out);
            store(memory[t + 1] + i, c);
            store(bent[t] + i, b);
            store(seen[t + 1] + EMBEDDING + i, out * b);
        }
        float logit[WIDE], greatest = -1e30f, sum = 0;
        times(logit, w.output[0], seen[t + 1] + EMBEDDING, VOCABULARY, HIDDEN);
        for (int i = 0; i < VOCABULARY; i++)
            greatest = logit[i] > greatest ? logit[i] : greatest;
        for (int i = 0; i < WIDE; i += LANES)
            store(d_logit[t] + i, exp_of(load(logit + i) - greatest));
        for (int i = 0; i < VOCABULARY; i++)
            sum += d_logit[t][i];
        loss += logf(sum) + greatest - logit[tokens[t + 1]];
        for (int i = 0; i < VOCABULARY; i++)
            d_logit[t][i] /= sum * positions;
        d_logit[t][tokens[t + 1]] -= 1.0f / positions;
    }
    vector dh[HIDDEN / LANES], dc[HIDDEN / LANES];
    memset(dh, 0, sizeof dh);
    memset(dc, 0, sizeof dc);
    for (int t = positions - 1; t >= 0; t--) {
        for (int r = 0; r < VOCABULARY; r++)
            for (int i = 0; i < HIDDEN / LANES; i++)
                dh[i] += d_logit[t][r] * load(w.output[r] + i * LANES);
        float *d = slope[t];
        for (int i = 0; i < HIDDEN; i += LANES) {
            const vector in = load(gate[t] + i), forget = load(gate[t] + HIDDEN + i), candidate = load(gate[t] + 2 * HIDDEN + i), out = load(gate[t] + 3 * HIDDEN + i);
            const vector b = load(bent[t] + i), all = dc[i / LANES] + dh[i / LANES] * out * (1 - b * b);
            store(d + i, all * candidate * in * (1 - in));
            store(d + HIDDEN + i, all * load(memory[t] + i) * forget * (1 - forget));
            store(d + 2 * HIDDEN + i, all * in * (1 - candidate * candidate));
            store(d + 3 * HIDDEN + i, dh[i / LANES] * b * out * (1 - out));
            dc[i / LANES] = all * forget;
        }
        vector even[SEEN / LANES], odd[SEEN / LANES];
        memset(even, 0, sizeof even);
        memset(odd, 0, sizeof odd);
        for (int r = 0; r < GATES; r += 2)
            for (int i = 0; i < SEEN / LANES; i++) {
                even[i] += d[r] * load(w.gates[r] + i * LANES);
                odd[i] += d[r + 1] * load(w.gates[r + 1] + i * LANES);
            }
        float *row = g.table[tokens[t]];
        for (int i = 0; i < EMBEDDING / LANES; i++)
            store(row + i * LANES, load(row + i * LANES) + even[i] + odd[i]);
        for (int i = 0; i < HIDDEN / LANES; i++)
            dh[i] = even[EMBEDDING / LANES + i] + odd[EMBEDDING / LANES + i];
    }
    for (int r = 0; r < GATES; r++) {
        vector sum[SEEN / LANES];
        float bias = 0;
        memset(sum, 0, sizeof sum);
        for (int t = 0; t < positions; t++) {
            bias += slope[t][r];
            for (int i = 0; i < SEEN / LANES; i++)
                sum[i] += slope[t][r] * load(seen[t] + i * LANES);
        }
        for (int i = 0; i < SEEN / LANES; i++)
            store(g.gates[r] + i * LANES, sum[i]);
        g.gates[r][SEEN] = bias;
    }
    for (int r = 0; r < VOCABULARY; r++) {
        vector sum[HIDDEN / LANES];
        float bias = 0;
        memset(sum, 0, sizeof sum);
        for (int t = 0; t < positions; t++) {
            bias += d_logit[t][r];
            for (int i = 0; i < HIDDEN / LANES; i++)
                sum[i] += d_logit[t][r] * load(seen[t + 1] + EMBEDDING + i * LANES);
        }
        for (int i = 0; i < HIDDEN / LANES; i++)
            store(g.output[r] + i * LANES, sum[i]);
        g.output[r][HIDDEN] = bias;
    }
    update();
    return loss / positions;
}

#else

enum { COLUMNS = CONTEXT * BATCH + 2 * LANES };

typedef float Rows[COLUMNS] __attribute__((aligned(64))); // of a feature, at all positions of all documents

static Rows seen[SEEN], gate[GATES], slope[GATES], memory[HIDDEN], memory_before[HIDDEN], bent[HIDDEN], given[HIDDEN], logit[VOCABULARY], d_given[HIDDEN], d_embedding[EMBEDDING];
static float turned[COLUMNS][SEEN], d_before[HIDDEN][BATCH + LANES], d_memory[HIDDEN][BATCH + LANES];

// The slopes of rows of weights and of the biases behind them.
static void into(float *to, const Rows *d, const float *of, int of_row, int rows, int width, int columns)
{
    static float sums[GATES][SEEN + LANES];
    product_of(sums[0], SEEN + LANES, 0, (Matrix){d[0], COLUMNS, 1}, of, of_row, rows, columns, width);
    for (int r = 0; r < rows; r++) {
        vector bias = {0};
        for (int j = 0; j < columns; j += LANES)
            bias += load(d[r] + j);
        memcpy(to + r * (width + 1), sums[r], width * sizeof(float));
        to[r * (width + 1) + width] = total(bias);
    }
}

static double step(int k)
{
    // Longest first.
    int order[BATCH], offset[CONTEXT + 1], count[CONTEXT], positions = 0, predictions = 0, next = 0;
    for (int size = CONTEXT + 1; size > 0; size--)
        for (int i = 0; i < BATCH; i++)
            if (length[(k * BATCH + i) % documents] == size)
                order[next++] = (k * BATCH + i) % documents;
    int longest = length[order[0]] - 1;
    for (int t = 0; t < longest; t++) {
        offset[t] = positions;
        for (count[t] = 0; count[t] < BATCH && length[order[count[t]]] - 1 > t; count[t]++)
            ;
        predictions += count[t];
        positions += (count[t] + LANES - 1) / LANES * LANES;
    }
    offset[longest] = positions;

    for (int t = 0; t < longest; t++)
        for (int d = 0; d < offset[t + 1] - offset[t]; d++)
            for (int i = 0; i < EMBEDDING; i++)
                seen[i][offset[t] + d] = d < count[t] ? w.table[text[order[d]][t]][i] : 0;
    for (int r = 0; r < GATES; r++)
        for (int j = 0; j < positions; j++)
            gate[r][j] = w.gates[r][SEEN];
    product_of(gate[0], COLUMNS, gate[0], (Matrix){w.gates[0], ROW, 1}, seen[0], COLUMNS, GATES, EMBEDDING, positions);
    for (int t = 0; t < longest; t++) {
        const int start = offset[t], wide = offset[t + 1] - start;
        if (t > 0)
            product_of(gate[0] + start, COLUMNS, gate[0] + start, (Matrix){w.gates[0] + EMBEDDING, ROW, 1}, given[0] + offset[t - 1], COLUMNS, GATES, HIDDEN, wide);
        for (int i = 0; i < HIDDEN; i++)
            for (int j = start; j < start + wide; j += LANES) {
                const vector in = sigmoid_of(load(gate[i] + j)), forget = sigmoid_of(load(gate[HIDDEN + i] + j)), candidate = tanh_of(load(gate[2 * HIDDEN + i] + j));
                const vector out = sigmoid_of(load(gate[3 * HIDDEN + i] + j)), before = t > 0 ? load(memory[i] + offset[t - 1] + j - start) : (vector){0};
                const vector c = forget * before + in * candidate, b = tanh_of(c);
                store(gate[i] + j, in);
                store(gate[HIDDEN + i] + j, forget);
                store(gate[2 * HIDDEN + i] + j, candidate);
                store(gate[3 * HIDDEN + i] + j, out);
                store(memory_before[i] + j, before);
                store(memory[i] + j, c);
                store(bent[i] + j, b);
                store(given[i] + j, out * b);
                store(seen[EMBEDDING + i] + j, t > 0 ? load(given[i] + offset[t - 1] + j - start) : (vector){0});
            }
    }
    for (int r = 0; r < VOCABULARY; r++)
        for (int j = 0; j < positions; j++)
            logit[r][j] = w.output[r][HIDDEN];
    product_of(logit[0], COLUMNS, logit[0], (Matrix){w.output[0], HIDDEN + 1, 1}, given[0], COLUMNS, VOCABULARY, HIDDEN, positions);
    double loss = 0;
    for (int t = 0; t < longest; t++)
        for (int j = offset[t]; j < offset[t + 1]; j += LANES) {
            vector greatest = load(logit[0] + j), sum = {0}, there;
            for (int r = 1; r < VOCABULARY; r++)
                greatest = where(load(logit[r] + j) > greatest, load(logit[r] + j), greatest);
            for (int l = 0; l < LANES; l++) {
                const int d = j - offset[t] + l;
                there[l] = d < count[t];
                if (d < count[t])
                    loss += greatest[l] - logit[text[order[d]][t + 1]][j + l];
            }
            for (int r = 0; r < VOCABULARY; r++) {
                const vector power = exp_of(load(logit[r] + j) - greatest);
                sum += power;
                store(logit[r] + j, power);
            }
            const vector scale = there / (sum * (float)predictions);
            for (int r = 0; r < VOCABULARY; r++)
                store(logit[r] + j, load(logit[r] + j) * scale);
            for (int l = 0; l < LANES; l++) {
                const int d = j - offset[t] + l;
                if (d < count[t]) {
                    loss += logf(sum[l]);
                    logit[text[order[d]][t + 1]][j + l] -= 1.0f / predictions;
                }
            }
        }
    product_of(d_given[0], COLUMNS, 0, (Matrix){w.output[0], 1, HIDDEN + 1}, logit[0], COLUMNS, HIDDEN, VOCABULARY, positions);
    memset(d_before, 0, sizeof d_before);
    memset(d_memory, 0, sizeof d_memory);
    for (int t = longest - 1; t >= 0; t--) {
        const int start = offset[t], wide = offset[t + 1] - start;
        for (int i = 0; i < HIDDEN; i++)
            for (int j = start; j < start + wide; j += LANES) {
                const vector in = load(gate[i] + j), forget = load(gate[HIDDEN + i] + j), candidate = load(gate[2 * HIDDEN + i] + j), out = load(gate[3 * HIDDEN + i] + j);
                const vector b = load(bent[i] + j), d = load(d_given[i] + j) + load(d_before[i] + j - start), all = load(d_memory[i] + j - start) + d * out * (1 - b * b);
                store(slope[i] + j, all * candidate * in * (1 - in));
                store(slope[HIDDEN + i] + j, all * load(memory_before[i] + j) * forget * (1 - forget));
                store(slope[2 * HIDDEN + i] + j, all * in * (1 - candidate * candidate));
                store(slope[3 * HIDDEN + i] + j, d * b * out * (1 - out));
                store(d_memory[i] + j - start, all * forget);
            }
        if (t > 0)
            product_of(d_before[0], BATCH + LANES, 0, (Matrix){w.gates[0] + EMBEDDING, 1, ROW}, slope[0] + start, COLUMNS, HIDDEN, GATES, wide);
    }
    for (int j = 0; j < positions; j++)
        for (int i = 0; i < SEEN; i++)
            turned[j][i] = seen[i][j];
    into(g.gates[0], slope, turned[0], SEEN, GATES, SEEN, positions);
    for (int j = 0; j < positions; j++)
        for (int i = 0; i < HIDDEN; i++)
            turned[j][i] = given[i][j];
    into(g.output[0], logit, turned[0], SEEN, VOCABULARY, HIDDEN, positions);
    product_of(d_embedding[0], COLUMNS, 0, (Matrix){w.gates[0], 1, ROW}, slope[0], COLUMNS, EMBEDDING, GATES, positions);
    memset(g.table, 0, sizeof g.table);
    for (int t = 0; t < longest; t++)
        for (int d = 0; d < count[t]; d++)
            for (int i = 0; i < EMBEDDING; i++)
                g.table[text[order[d]][t]][i] += d_embedding[i][offset[t] + d];
    update();
    return loss / predictions;
}

#endif

int main(int arguments, char **argument)
{
    open_input(arguments, argument);
    expect("batch", BATCH);
    expect("weights", sizeof(Weights) / sizeof(float));
    rate = (float)number();
    documents = (int)number();
    length = malloc(sizeof *length * documents);
    text = malloc(sizeof *text * documents);
    for (int d = 0; d < documents; d++) {
        length[d] = (int)number();
        for (int t = 0; t < length[d]; t++)
            text[d][t] = (int)number();
    }
    for (size_t i = 0; i < sizeof(Weights) / sizeof(float); i++)
        ((float *)&initial)[i] = (float)number();
    return serve();
}
