// Row I1 by hand: the outputs of 784-128-64-10 with tanh for one example. Weights lie as they are read, from one end to the
// other: for the next few vectors of outputs those of the first input, of the second, and so on. So nothing is summed
// across lanes, and sums stay in registers.
#include "peer.h"
#include "vectors.h"

enum { LAYERS = 3, SUMS = 8, STRIP = SUMS * LANES }; // SUMS: vectors in registers

static int size[LAYERS + 1];
static vector *weight[LAYERS], *bias[LAYERS];
static vector signal[LAYERS + 1][1024 / LANES];

static void restart(void)
{
}

static int vectors_of(int numbers)
{
    return (numbers + LANES - 1) / LANES;
}

// Where there are few outputs, every second, fourth or eighth input has sums of its own.
FIXED const vector *strip(vector *y, const vector *b, const float *x, const vector *from, int inputs, int vectors, int ways)
{
    vector sum[SUMS] = {{0}};
    for (int v = 0; v < vectors; v++)
        sum[v] = b[v];
    for (int i = 0; i < inputs; i += ways, from += ways * vectors)
        for (int s = 0; s < ways; s++)
            for (int v = 0; v < vectors; v++)
                sum[s * vectors + v] += x[i + s] * from[s * vectors + v];
    for (int v = 0; v < vectors; v++) {
        for (int s = 1; s < ways; s++)
            sum[v] += sum[s * vectors + v];
        y[v] = sum[v];
    }
    return from;
}

static void forward(int l)
{
    const float *x = (const float *)signal[l];
    const vector *from = weight[l];
    vector *y = signal[l + 1];
    const int vectors = vectors_of(size[l + 1]);
    int v = 0;
    for (; v + 8 <= vectors; v += 8)
        from = strip(y + v, bias[l] + v, x, from, size[l], 8, 1);
    if (vectors - v >= 4)
        from = strip(y + v, bias[l] + v, x, from, size[l], 4, 2), v += 4;
    if (vectors - v >= 2)
        from = strip(y + v, bias[l] + v, x, from, size[l], 2, 4), v += 2;
    if (vectors - v >= 1)
        strip(y + v, bias[l] + v, x, from, size[l], 1, 8);
    if (l < LAYERS - 1)
        for (v = 0; v < vectors; v++)
            y[v] = tanh_of(y[v]);
}

// The sum of the outputs' squares, which shows that they are right.
static double step(int k)
{
    (void)k;
    for (int l = 0; l < LAYERS; l++)
        forward(l);
    double sum = 0;
    for (int i = 0; i < size[LAYERS]; i++) {
        const float y = ((const float *)signal[LAYERS])[i];
        sum += y * y;
    }
    return sum;
}

static vector *room(int vectors)
{
    vector *place = aligned_alloc(64, (size_t)vectors * sizeof *place);
    if (!place)
        exit(1);
    return memset(place, 0, (size_t)vectors * sizeof *place);
}

// Where the weight of an output and an input lies.
static float *place_of(int l, int output, int input)
{
    int v = output / LANES, first = 0, vectors = vectors_of(size[l + 1]), width = 8;
    while (v >= first + width || first + width > vectors)
        if (first + width <= vectors)
            first += width;
        else
            width /= 2;
    return (float *)(weight[l] + first * size[l] + input * width + v - first) + output % LANES;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("layers", LAYERS);
    for (int l = 0; l <= LAYERS; l++)
        if ((size[l] = (int)number()) > 1024 || (l < LAYERS && size[l] % 8 != 0)) {
            fprintf(stderr, "sizes are multiples of 8 up to 1,024\n");
            return 1;
        }
    expect("examples", 1);
    expect("targets", 1);
    for (int i = 0; i < size[0]; i++)
        ((float *)signal[0])[i] = (float)number();
    number();
    for (int l = 0; l < LAYERS; l++) {
        weight[l] = room(vectors_of(size[l + 1]) * size[l]);
        bias[l] = room(vectors_of(size[l + 1]));
        for (int j = 0; j < size[l + 1]; j++) {
            for (int i = 0; i < size[l]; i++)
                *place_of(l, j, i) = (float)number();
            ((float *)bias[l])[j] = (float)number();
        }
    }
    return serve();
}
