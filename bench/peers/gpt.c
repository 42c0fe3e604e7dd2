// Rows D in plain C: a GPT of one layer, a whole batch of documents at once and nothing padded. The positions of all
// documents lie side by side in the columns of every matrix, so that vectors go over positions, and what is summed over
// features, classes or earlier positions is summed without crossing lanes. WIDTH and BATCH are fixed when it is built.
#include "peer.h"
#include "product.h"

enum { HEADS = 4, HEAD = WIDTH / HEADS, CONTEXT = 16, VOCABULARY = 27, HIDDEN = 4 * WIDTH, STEPS = 1000 };
enum { COLUMNS = BATCH * CONTEXT + 16 }; // vectors may look beyond the last position

typedef struct {
    float token[VOCABULARY][WIDTH], position[CONTEXT][WIDTH], head[VOCABULARY][WIDTH];
    float qkv[3 * WIDTH][WIDTH], out[WIDTH][WIDTH], up[HIDDEN][WIDTH], down[WIDTH][HIDDEN];
} Weights;

enum { COUNT = sizeof(Weights) / sizeof(float) };

typedef float Rows[COLUMNS]; // one row of a matrix for every feature

static Weights initial, w, g, mean, square;
static Rows x0[WIDTH], x1[WIDTH], x2[WIDTH], a[WIDTH], qkv[3 * WIDTH], o[WIDTH], b[WIDTH], h[HIDDEN], logit[VOCABULARY];
static Rows dx[WIDTH], dw[WIDTH], dqkv[3 * WIDTH], dh[HIDDEN];
static float scale0[COLUMNS], scale1[COLUMNS], scale2[COLUMNS];
static float weight[BATCH][HEADS][CONTEXT][CONTEXT]; // of earlier positions (rows) for every position (columns)

static int documents, *length, (*text)[CONTEXT + 1];
static int batch_length[BATCH], token[COLUMNS], target[COLUMNS], place[COLUMNS], positions;

static void restart(void)
{
    w = initial;
    memset(&mean, 0, sizeof mean);
    memset(&square, 0, sizeof square);
}

static void forward(Rows *y, const float *weights, const Rows *x, const Rows *base, int out, int in)
{
    product_of(y[0], COLUMNS, base ? base[0] : 0, (Matrix){weights, in, 1}, x[0], COLUMNS, out, in, positions);
}

// The gradient of the weights, and that of the inputs.
static void backward(float *slope, Rows *d_in, const float *weights, const Rows *d_out, const Rows *x, int out, int in)
{
    static float turned[COLUMNS * HIDDEN];
    for (int t = 0; t < positions; t++)
        for (int i = 0; i < in; i++)
            turned[t * in + i] = x[i][t];
    product_of(slope, in, 0, (Matrix){d_out[0], COLUMNS, 1}, turned, in, out, positions, in);
    product_of(d_in[0], COLUMNS, 0, (Matrix){weights, 1, in}, d_out[0], COLUMNS, in, out, positions);
}

static void normalize(Rows *y, const Rows *x, float *scale)
{
    for (int t = 0; t < positions; t += LANES) {
        vector sum = {0};
        for (int i = 0; i < WIDTH; i++)
            sum += load(x[i] + t) * load(x[i] + t);
        sum = sum / WIDTH + 1e-5f;
        for (int l = 0; l < LANES; l++)
            scale[t + l] = 1 / sqrtf(sum[l]);
        for (int i = 0; i < WIDTH; i++)
            store(y[i] + t, load(x[i] + t) * load(scale + t));
    }
}

// d_in = base + what d_out, the gradient of a normalized y, says about the gradient before.
static void normalize_backward(Rows *d_in, const Rows *base, const Rows *d_out, const Rows *y, const float *scale)
{
    for (int t = 0; t < positions; t += LANES) {
        vector sum = {0}, r = load(scale + t);
        for (int i = 0; i < WIDTH; i++)
            sum += load(d_out[i] + t) * load(y[i] + t);
        sum /= WIDTH;
        for (int i = 0; i < WIDTH; i++) {
            vector d = r * (load(d_out[i] + t) - load(y[i] + t) * sum);
            store(d_in[i] + t, base ? load(base[i] + t) + d : d);
        }
    }
}


static void softmax(float (*p)[CONTEXT], int n)
{
    const float scale = 1 / sqrtf(HEAD);
    mask lane;
    for (int l = 0; l < LANES; l++)
        lane[l] = l;
    for (int t = 0; t < n; t += LANES) {
        int last = t + LANES < n ? t + LANES : n;
        vector max = load(p[0] + t), sum = {0};
        for (int u = 1; u < last; u++) {
            vector score = load(p[u] + t); // of a later position, too: any number that is at least the greatest will do
            max = where(max > score, max, score);
        }
        for (int u = 0; u < last; u++) {
            vector shown = where(lane + t >= u, exp_of((load(p[u] + t) - max) * scale), (vector){0}); // positions before u do not see u
            sum += shown;
            store(p[u] + t, shown);
        }
        for (int u = 0; u < n; u++)
            store(p[u] + t, u < last ? load(p[u] + t) / sum : (vector){0});
    }
}

static void attend(void)
{
    for (int d = 0, first = 0; d < BATCH; first += batch_length[d++]) {
        int n = batch_length[d];
        for (int i = 0; i < HEADS; i++) {
            const float *q = qkv[i * HEAD] + first, *k = qkv[WIDTH + i * HEAD] + first, *v = qkv[2 * WIDTH + i * HEAD] + first;
            float (*p)[CONTEXT] = weight[d][i];
            product_of(p[0], CONTEXT, 0, (Matrix){k, 1, COLUMNS}, q, COLUMNS, n, HEAD, n);
            softmax(p, n);
            // Writes beyond the document's last position, where the next one follows.
            product_of(o[i * HEAD] + first, COLUMNS, 0, (Matrix){v, COLUMNS, 1}, p[0], CONTEXT, HEAD, n, n);
        }
    }
}

static void attend_backward(const Rows *d_o)
{
    const float scale = 1 / sqrtf(HEAD);
    for (int d = 0, first = 0; d < BATCH; first += batch_length[d++]) {
        int n = batch_length[d];
        for (int i = 0; i < HEADS; i++) {
            const float *q = qkv[i * HEAD] + first, *k = qkv[WIDTH + i * HEAD] + first, *v = qkv[2 * WIDTH + i * HEAD] + first;
            const float *from = d_o[i * HEAD] + first;
            float (*p)[CONTEXT] = weight[d][i], ds[CONTEXT][CONTEXT], p_turned[CONTEXT][CONTEXT], ds_turned[CONTEXT][CONTEXT];
            product_of(ds[0], CONTEXT, 0, (Matrix){v, 1, COLUMNS}, from, COLUMNS, n, HEAD, n);
            for (int t = 0; t < n; t += LANES) {
                vector sum = {0};
                for (int u = 0; u < n; u++)
                    sum += load(p[u] + t) * load(ds[u] + t);
                for (int u = 0; u < n; u++)
                    store(ds[u] + t, load(p[u] + t) * (load(ds[u] + t) - sum) * scale);
            }
            for (int u = 0; u < n; u++)
                for (int t = 0; t < n; t++) {
                    p_turned[t][u] = p[u][t];
                    ds_turned[t][u] = ds[u][t];
                }
            product_of(dqkv[i * HEAD] + first, COLUMNS, 0, (Matrix){k, COLUMNS, 1}, ds[0], CONTEXT, HEAD, n, n);
            product_of(dqkv[WIDTH + i * HEAD] + first, COLUMNS, 0, (Matrix){q, COLUMNS, 1}, ds_turned[0], CONTEXT, HEAD, n, n);
            product_of(dqkv[2 * WIDTH + i * HEAD] + first, COLUMNS, 0, (Matrix){from, COLUMNS, 1}, p_turned[0], CONTEXT, HEAD, n, n);
        }
    }
}

// The sum of the losses; turns logits into their gradient.
static float cross_entropy(void)
{
    float total = 0, own[COLUMNS];
    for (int t = 0; t < positions; t++)
        own[t] = logit[target[t]][t];
    for (int t = 0; t < positions; t += LANES) {
        vector max = load(logit[0] + t), sum = {0};
        for (int c = 1; c < VOCABULARY; c++) {
            vector score = load(logit[c] + t);
            max = where(max > score, max, score);
        }
        for (int c = 0; c < VOCABULARY; c++) {
            vector power = exp_of(load(logit[c] + t) - max);
            sum += power;
            store(logit[c] + t, power);
        }
        vector share = 1 / (sum * (float)positions);
        for (int c = 0; c < VOCABULARY; c++)
            store(logit[c] + t, load(logit[c] + t) * share);
        for (int l = 0; l < LANES && t + l < positions; l++)
            total += logf(sum[l]) + max[l] - own[t + l];
    }
    for (int t = 0; t < positions; t++)
        logit[target[t]][t] -= 1 / (float)positions;
    return total;
}

static void choose(int k)
{
    positions = 0;
    for (int d = 0; d < BATCH; d++) {
        int chosen = (k * BATCH + d) % documents;
        batch_length[d] = length[chosen];
        for (int t = 0; t < length[chosen]; t++, positions++) {
            token[positions] = text[chosen][t];
            target[positions] = text[chosen][t + 1];
            place[positions] = t;
        }
    }
}

static void adam(int k)
{
    float *p = (float *)&w, *m = (float *)&mean, *v = (float *)&square;
    const float *slope = (const float *)&g;
    float rate = 0.01f * (1 - (float)k / STEPS) / (1 - powf(0.85f, (float)(k + 1)));
    float scale = 1 / sqrtf(1 - powf(0.99f, (float)(k + 1)));
    for (int i = 0; i < COUNT; i++) {
        m[i] = 0.85f * m[i] + 0.15f * slope[i];
        v[i] = 0.99f * v[i] + 0.01f * slope[i] * slope[i];
        p[i] -= rate * m[i] / (sqrtf(v[i]) * scale + 1e-8f);
    }
}

static double step(int k)
{
    choose(k);
    for (int t = 0; t < positions; t++)
        for (int i = 0; i < WIDTH; i++)
            dx[i][t] = w.token[token[t]][i] + w.position[place[t]][i];
    normalize(x0, dx, scale0);
    normalize(a, x0, scale1);
    forward(qkv, w.qkv[0], a, 0, 3 * WIDTH, WIDTH);
    attend();
    forward(x1, w.out[0], o, x0, WIDTH, WIDTH);
    normalize(b, x1, scale2);
    forward(h, w.up[0], b, 0, HIDDEN, WIDTH);
    for (int i = 0; i < HIDDEN; i++)
        for (int t = 0; t < positions; t++)
            h[i][t] = h[i][t] > 0 ? h[i][t] : 0;
    forward(x2, w.down[0], h, x1, WIDTH, HIDDEN);
    forward(logit, w.head[0], x2, 0, VOCABULARY, WIDTH);
    float loss = cross_entropy() / (float)positions;

    backward(g.head[0], dx, w.head[0], logit, x2, VOCABULARY, WIDTH);
    backward(g.down[0], dh, w.down[0], dx, h, WIDTH, HIDDEN);
    for (int i = 0; i < HIDDEN; i++)
        for (int t = 0; t < positions; t++)
            dh[i][t] = h[i][t] > 0 ? dh[i][t] : 0;
    backward(g.up[0], dw, w.up[0], dh, b, HIDDEN, WIDTH);
    normalize_backward(dx, dx, dw, b, scale2);
    backward(g.out[0], dw, w.out[0], dx, o, WIDTH, WIDTH);
    attend_backward(dw);
    backward(g.qkv[0], dw, w.qkv[0], dqkv, a, 3 * WIDTH, WIDTH);
    normalize_backward(dx, dx, dw, a, scale1);
    normalize_backward(dx, 0, dx, x0, scale0);
    memset(g.token, 0, sizeof g.token + sizeof g.position);
    for (int t = 0; t < positions; t++)
        for (int i = 0; i < WIDTH; i++) {
            g.token[token[t]][i] += dx[i][t];
            g.position[place[t]][i] += dx[i][t];
        }
    adam(k);
    return loss;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("width", WIDTH);
    expect("batch", BATCH);
    documents = (int)number();
    length = calloc((size_t)documents, sizeof *length);
    text = calloc((size_t)documents, sizeof *text);
    if (!length || !text)
        exit(1);
    for (int d = 0; d < documents; d++) {
        length[d] = (int)number() - 1; // positions: the last token is only a target
        for (int t = 0; t <= length[d]; t++)
            text[d][t] = (int)number();
    }
    for (int i = 0; i < COUNT; i++)
        ((float *)&initial)[i] = (float)number();
    return serve();
}
