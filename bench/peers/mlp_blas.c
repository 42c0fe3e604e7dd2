// Rows C1 to C3 and the wide ones in C with OpenBLAS: an MLP with tanh between its layers, one fixed batch, Adam with rate 1e-3.
// The loss is softmax cross-entropy of a class index or, with SQUARES, the mean of squared errors. With FORWARD a step is
// that of row I256 and, beside C without OpenBLAS, of row I1: the outputs alone.
#include "peer.h"
#include "vectors.h"

// As in cblas.h, which not every machine with the library has.
enum { ROW_MAJOR = 101, AS_IT_IS = 111, TRANSPOSED = 112 };
void cblas_sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);
void cblas_sgemv(int order, int transpose, int m, int n, float alpha, const float *a, int lda, const float *x, int stepx,
                 float beta, float *y, int stepy);

enum { MOST_LAYERS = 8 };

static int layers, size[MOST_LAYERS + 1], batch;
static float *signal[MOST_LAYERS + 1], *slope[MOST_LAYERS + 1]; // batch × size: outputs of a layer, and dloss/dsum
static float *weight[MOST_LAYERS], *bias[MOST_LAYERS];          // weight: outputs × inputs
static float *weight_slope[MOST_LAYERS], *bias_slope[MOST_LAYERS];
static float *initial, *parameter, *gradient, *mean, *square;
static float *target;
static int parameters;

static float *room(size_t count)
{
    float *place = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
    if (!place)
        exit(1);
    return memset(place, 0, count * sizeof(float));
}

static void restart(void)
{
    memcpy(parameter, initial, (size_t)parameters * sizeof(float));
    memset(mean, 0, (size_t)parameters * sizeof(float));
    memset(square, 0, (size_t)parameters * sizeof(float));
}

static void forward(int l)
{
    int in = size[l], out = size[l + 1];
    float *y = signal[l + 1];
    for (int n = 0; n < batch; n++)
        memcpy(y + n * out, bias[l], (size_t)out * sizeof(float));
    if (batch == 1)
        cblas_sgemv(ROW_MAJOR, AS_IT_IS, out, in, 1, weight[l], in, signal[l], 1, 1, y, 1);
    else
        cblas_sgemm(ROW_MAJOR, AS_IT_IS, TRANSPOSED, batch, out, in, 1, signal[l], in, weight[l], in, 1, y, out);
    if (l < layers - 1)
        for (int i = 0; i < batch * out; i += LANES) // there is room for whole vectors
            store(y + i, tanh_of(load(y + i)));
}

#ifdef FORWARD
// The sum of the outputs' squares, which shows that they are right.
static double step(int k)
{
    (void)k;
    double sum = 0;
    for (int l = 0; l < layers; l++)
        forward(l);
    for (int i = 0; i < batch * size[layers]; i++)
        sum += signal[layers][i] * signal[layers][i];
    return sum;
}
#else
#ifdef SQUARES
static float loss_and_slope(void)
{
    float *y = signal[layers], *d = slope[layers], loss = 0;
    int count = batch * size[layers];
    for (int i = 0; i < count; i++) {
        float difference = y[i] - target[i];
        loss += difference * difference;
        d[i] = 2 * difference / (float)count;
    }
    return loss / (float)count;
}
#else
static float loss_and_slope(void)
{
    int classes = size[layers];
    float loss = 0;
    for (int n = 0; n < batch; n++) {
        float *y = signal[layers] + n * classes, *d = slope[layers] + n * classes, max = y[0], sum = 0;
        for (int i = 1; i < classes; i++)
            max = fmaxf(max, y[i]);
        for (int i = 0; i < classes; i++)
            sum += d[i] = expf(y[i] - max);
        for (int i = 0; i < classes; i++)
            d[i] /= sum * (float)batch;
        int chosen = (int)target[n];
        d[chosen] -= 1 / (float)batch;
        loss += logf(sum) + max - y[chosen];
    }
    return loss / (float)batch;
}
#endif

static void backward(int l)
{
    int in = size[l], out = size[l + 1];
    float *d = slope[l + 1];
    cblas_sgemm(ROW_MAJOR, TRANSPOSED, AS_IT_IS, out, in, batch, 1, d, out, signal[l], in, 0, weight_slope[l], in);
    memset(bias_slope[l], 0, (size_t)out * sizeof(float));
    for (int n = 0; n < batch; n++)
        for (int j = 0; j < out; j++)
            bias_slope[l][j] += d[n * out + j];
    if (l == 0)
        return;
    cblas_sgemm(ROW_MAJOR, AS_IT_IS, AS_IT_IS, batch, in, out, 1, d, out, weight[l], in, 0, slope[l], in);
    for (int i = 0; i < batch * in; i++)
        slope[l][i] *= 1 - signal[l][i] * signal[l][i];
}

static double step(int k)
{
    for (int l = 0; l < layers; l++)
        forward(l);
    float loss = loss_and_slope();
    for (int l = layers - 1; l >= 0; l--)
        backward(l);
    float scale = sqrtf(1 - powf(0.999f, (float)(k + 1))), rate = 1e-3f / (1 - powf(0.9f, (float)(k + 1)));
    for (int i = 0; i < parameters; i++) {
        float g = gradient[i];
        mean[i] = 0.9f * mean[i] + 0.1f * g;
        square[i] = 0.999f * square[i] + 0.001f * g * g;
        parameter[i] -= rate * mean[i] / (sqrtf(square[i]) / scale + 1e-8f);
    }
    return loss;
}
#endif

int main(int count, char **arguments)
{
    open_input(count, arguments);
    layers = (int)number();
    if (layers < 1 || layers > MOST_LAYERS) {
        fprintf(stderr, "expected 1 to %d layers, found %d\n", MOST_LAYERS, layers);
        return 1;
    }
    for (int l = 0; l <= layers; l++)
        size[l] = (int)number();
    batch = (int)number();
    int targets = (int)number();
    for (int l = 0; l <= layers; l++) {
        signal[l] = room((size_t)(batch * size[l]));
        slope[l] = room((size_t)(batch * size[l]));
        parameters += l == 0 ? 0 : size[l] * (size[l - 1] + 1);
    }
    target = room((size_t)(batch * targets));
    initial = room((size_t)parameters);
    parameter = room((size_t)parameters);
    gradient = room((size_t)parameters);
    mean = room((size_t)parameters);
    square = room((size_t)parameters);
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < size[0]; i++)
            signal[0][n * size[0] + i] = (float)number();
        for (int i = 0; i < targets; i++)
            target[n * targets + i] = (float)number();
    }
    for (int l = 0, place = 0; l < layers; l++) {
        int in = size[l], out = size[l + 1];
        weight[l] = parameter + place;
        weight_slope[l] = gradient + place;
        bias[l] = weight[l] + in * out;
        bias_slope[l] = weight_slope[l] + in * out;
        for (int j = 0; j < out; j++) {
            for (int i = 0; i < in; i++)
                initial[place + j * in + i] = (float)number();
            initial[place + in * out + j] = (float)number();
        }
        place += (in + 1) * out;
    }
    return serve();
}
