// Row F by hand for the machine's vectors, in double: the Gaussian mixture objective of points in ten dimensions and its
// gradient. Lanes are points, and a block of points is at work at once for all parts. What the gradient needs of the points
// is Σ share z cᵀ and Σ share z alone, with z = L c: the first is a triangle of sums that stay in registers, tile by tile,
// and the slope of a mean is Lᵀ Σ share z, one product for each part instead of one for each point.
#define OWN_CHECK
#include "peer.h"

#if defined(__AVX512F__)
enum { LANES = 8, SIDE_BY_SIDE = 2 }; // vectors of points whose z are computed at once
#else
enum { LANES = 4, SIDE_BY_SIDE = 1 };
#endif

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef double vector __attribute__((vector_size(8 * LANES)));
typedef long mask __attribute__((vector_size(8 * LANES)));

#define FIXED static inline __attribute__((always_inline))

enum { D = 10, BELOW = D * (D - 1) / 2, TRIANGLE = D + BELOW, BLOCK = 8 }; // BLOCK: vectors of points

// A part of the mixture: its sums over points, in lanes, and over them all.
typedef struct {
    double alpha, mean[D], factor[D][D], offset; // factor: the rows of L, whose diagonal is e^q; offset: α + Σq
    vector share, z[D], zc[D][D];
} Part;

static int parts, points, blocks;
static double gamma_, m, *alpha, *mean, *icf, *gradient;
static Part *part;
static vector (*x)[D][BLOCK], (*z)[D][BLOCK], (*score)[BLOCK];
static vector (*present)[BLOCK]; // 1 for a point, 0 for padding

static void restart(void)
{
}

FIXED vector all(double value)
{
    return value - (vector){0};
}

FIXED vector greater(vector a, vector b)
{
#if defined(__AVX512F__)
    return _mm512_max_pd(a, b);
#elif defined(__AVX__)
    return _mm256_max_pd(a, b);
#else
    const mask above = a > b;
    return (vector)((above & (mask)a) | (~above & (mask)b));
#endif
}

FIXED double total(vector v)
{
    double sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += v[i];
    return sum;
}

// e^x for x ≤ 0, or e^−708 below, to the last digit but one: 2^n e^r with |r| ≤ ln 2 / 2. Adding a number whose last digit is 1
// rounds to a whole one; the compiler must not see that it is subtracted again.
FIXED vector exp_of(vector x)
{
    const double whole = 0x1.8p52;
    x = greater(x, all(-708));
    vector n = x * 0x1.71547652b82fep0 + whole;
    __asm__("" : "+v"(n));
    const mask power = (mask)n << 52;
    n -= whole;
    const vector r = (x - n * 0x1.62e42fefa0000p-1) - n * 0x1.cf79abc9e3b3ap-40, r2 = r * r, r4 = r2 * r2;
    const vector low = (1 + r) + (0.5000000000000019 + 0.1666666666666668 * r) * r2;
    const vector middle = (0.04166666666648738 + 0.008333333333319546 * r) + (0.0013888888952505406 + 0.00019841269890193705 * r) * r2;
    const vector high = (2.4801485278370062e-05 + 2.7557240761739257e-06 * r) + (2.7632715071632255e-07 + 2.5110095611886237e-08 * r) * r2;
    return (vector)((mask)(low + (middle + high * r4) * r4) + power);
}

static void begin(Part *p, int k)
{
    const double *q = icf + k * TRIANGLE, *below = q + D;
    memset(p, 0, sizeof *p);
    p->alpha = p->offset = alpha[k];
    for (int j = 0; j < D; j++) {
        p->mean[j] = mean[k * D + j];
        p->factor[j][j] = exp(q[j]);
        p->offset += q[j];
    }
    for (int i = 0; i < D; i++)
        for (int j = i + 1; j < D; j++)
            p->factor[j][i] = *below++;
}

// z = L (x − mean), and the score it gives.
FIXED void project(const Part *p, const vector (*block)[BLOCK], vector (*to)[BLOCK], vector *scores, int at)
{
    vector c[D][SIDE_BY_SIDE], squares[SIDE_BY_SIDE] = {{0}};
    for (int j = 0; j < D; j++)
        for (int v = 0; v < SIDE_BY_SIDE; v++)
            c[j][v] = block[j][at + v] - p->mean[j];
    for (int j = 0; j < D; j++)
        for (int v = 0; v < SIDE_BY_SIDE; v++) {
            vector sum = p->factor[j][0] * c[0][v];
            for (int i = 1; i <= j; i++)
                sum += p->factor[j][i] * c[i][v];
            to[j][at + v] = sum;
            squares[v] += sum * sum;
        }
    for (int v = 0; v < SIDE_BY_SIDE; v++)
        scores[at + v] = p->offset - 0.5 * squares[v];
}

// Σ over parts of e^score: scores become shares. Returns the sum of the logarithms.
static double divide(int block, int count)
{
    double logarithms = 0;
    for (int v = 0; v < count; v++) {
        vector max = score[0][v], sum = {0};
        for (int k = 1; k < parts; k++)
            max = greater(max, score[k][v]);
        for (int k = 0; k < parts; k++) {
            score[k][v] = exp_of(score[k][v] - max);
            sum += score[k][v];
        }
        const vector share = present[block][v] / sum;
        for (int k = 0; k < parts; k++)
            score[k][v] *= share;
        for (int i = 0; i < LANES; i++)
            sum[i] = log(sum[i]);
        logarithms += total((sum + max) * present[block][v]);
    }
    return logarithms;
}

// Adds Σ z cᵀ of a block, in the rows and columns of a tile and not above the diagonal.
FIXED void tile(Part *p, const vector (*zs)[BLOCK], const vector (*c)[BLOCK], int count, int row, int rows, int column, int columns)
{
    vector sum[5][5];
    for (int j = 0; j < rows; j++)
        for (int i = 0; i < columns; i++)
            if (column + i <= row + j)
                sum[j][i] = p->zc[row + j][column + i];
    for (int v = 0; v < count; v++)
        for (int j = 0; j < rows; j++)
            for (int i = 0; i < columns; i++)
                if (column + i <= row + j)
                    sum[j][i] += zs[row + j][v] * c[column + i][v];
    for (int j = 0; j < rows; j++)
        for (int i = 0; i < columns; i++)
            if (column + i <= row + j)
                p->zc[row + j][column + i] = sum[j][i];
}

static void add(Part *p, const vector (*block)[BLOCK], vector (*zs)[BLOCK], const vector *shares, int count)
{
    vector c[D][BLOCK];
    for (int v = 0; v < count; v++)
        p->share += shares[v];
    for (int j = 0; j < D; j++) {
        vector sum = p->z[j];
        for (int v = 0; v < count; v++) {
            c[j][v] = block[j][v] - p->mean[j];
            zs[j][v] *= shares[v];
            sum += zs[j][v];
        }
        p->z[j] = sum;
    }
    const vector (*weighted)[BLOCK] = (const vector (*)[BLOCK])zs, (*centred)[BLOCK] = (const vector (*)[BLOCK])c;
#define TILE(row, rows, column, columns) tile(p, weighted, centred, count, row, rows, column, columns)
#if defined(__AVX512F__)
    TILE(0, 5, 0, 5);
    TILE(5, 5, 0, 5);
    TILE(5, 5, 5, 5);
#else
    TILE(0, 3, 0, 3);
    TILE(3, 3, 0, 4);
    TILE(4, 2, 4, 2);
    TILE(6, 3, 0, 4);
    TILE(6, 3, 4, 5);
    TILE(9, 1, 0, 5);
    TILE(9, 1, 5, 5);
#endif
#undef TILE
}

static double log_sum_exp(const double *v, int count)
{
    double max = v[0], sum = 0;
    for (int k = 1; k < count; k++)
        max = fmax(max, v[k]);
    for (int k = 0; k < count; k++)
        sum += exp(v[k] - max);
    return max + log(sum);
}

// The gradient of a part from its sums, with the priors; returns what the prior adds to the objective.
static double finish(const Part *p, int k, double of_alphas)
{
    double *q = gradient + parts * (1 + D) + k * TRIANGLE, *below = q + D, *of_mean = gradient + parts + k * D;
    const double share = total(p->share), prior = gamma_ * gamma_;
    double z_sum[D], squares = 0;
    for (int j = 0; j < D; j++)
        z_sum[j] = total(p->z[j]);
    gradient[k] = share - points * exp(p->alpha - of_alphas);
    for (int i = 0; i < D; i++) {
        const double diagonal = p->factor[i][i];
        q[i] = share - total(p->zc[i][i]) * diagonal + prior * diagonal * diagonal - m;
        of_mean[i] = diagonal * z_sum[i];
        squares += diagonal * diagonal;
        for (int j = i + 1; j < D; j++) {
            const double l = p->factor[j][i];
            *below++ = prior * l - total(p->zc[j][i]);
            of_mean[i] += l * z_sum[j];
            squares += l * l;
        }
    }
    return 0.5 * prior * squares - m * (p->offset - p->alpha);
}

static double log_gamma_distribution(double a)
{
    double sum = 0.25 * D * (D - 1) * log(M_PI);
    for (int j = 1; j <= D; j++)
        sum += lgamma(a + 0.5 * (1 - j));
    return sum;
}

static double step(int step_number)
{
    (void)step_number;
    for (int k = 0; k < parts; k++)
        begin(part + k, k);
    double value = 0;
    const int vectors = (points + LANES - 1) / LANES;
    for (int b = 0; b < blocks; b++) {
        const int left = vectors - b * BLOCK, count = left < BLOCK ? left : BLOCK;
        const vector (*block)[BLOCK] = (const vector (*)[BLOCK])x[b];
        for (int k = 0; k < parts; k++)
            for (int v = 0; v < count; v += SIDE_BY_SIDE)
                project(part + k, block, z[k], score[k], v);
        value += divide(b, count);
        for (int k = 0; k < parts; k++)
            add(part + k, block, z[k], score[k], count);
    }

    const double of_alphas = log_sum_exp(alpha, parts), freedom = D + m + 1;
    for (int k = 0; k < parts; k++)
        value += finish(part + k, k, of_alphas);
    const double constant = freedom * D * (log(gamma_) - 0.5 * log(2)) - log_gamma_distribution(0.5 * freedom);
    return value - 0.5 * points * D * log(2 * M_PI) - points * of_alphas - parts * constant;
}

static void check(char *steps)
{
    (void)steps;
    double value = step(0), squares = 0;
    for (int i = 0; i < parts * (1 + D + TRIANGLE); i++)
        squares += gradient[i] * gradient[i];
    printf("%.17g %.17g\n", value, sqrt(squares));
}

static void *room(size_t size)
{
    void *place = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!place)
        exit(1);
    return memset(place, 0, size);
}

static double *numbers(int count)
{
    double *place = room((size_t)count * sizeof *place);
    for (int i = 0; i < count; i++)
        place[i] = number();
    return place;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("dimensions", D);
    parts = (int)number();
    points = (int)number();
    alpha = numbers(parts);
    mean = numbers(parts * D);
    icf = numbers(parts * TRIANGLE);
    blocks = (points + BLOCK * LANES - 1) / (BLOCK * LANES);
    x = room((size_t)blocks * sizeof *x);
    present = room((size_t)blocks * sizeof *present);
    for (int n = 0; n < points; n++) {
        const int b = n / (BLOCK * LANES), v = n / LANES % BLOCK, lane = n % LANES;
        for (int j = 0; j < D; j++)
            x[b][j][v][lane] = number();
        present[b][v][lane] = 1;
    }
    gamma_ = number();
    m = number();
    gradient = room((size_t)(parts * (1 + D + TRIANGLE)) * sizeof *gradient);
    part = room((size_t)parts * sizeof *part);
    z = room((size_t)parts * sizeof *z);
    score = room((size_t)parts * sizeof *score);
    return serve();
}
