// Vectors of float32 as wide as the compiler may make them, and what peers compute with them. The vectors are GCC's own.
#if defined(__AVX512F__)
enum { LANES = 16 };
#else
enum { LANES = 8 };
#endif

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef float loose __attribute__((vector_size(4 * LANES), aligned(4))); // at any address
typedef int mask __attribute__((vector_size(4 * LANES)));

// What is inlined with fixed counts becomes straight code.
#define FIXED static inline __attribute__((always_inline))

FIXED vector load(const float *place)
{
    return *(const loose *)place;
}

FIXED void store(float *place, vector value)
{
    *(loose *)place = value;
}

FIXED vector where(mask condition, vector yes, vector no)
{
    return (vector)((condition & (mask)yes) | (~condition & (mask)no));
}

FIXED vector all(float value)
{
    return value - (vector){0};
}

// From −bound to bound. What a comparison and a choice say, a processor may do in one instruction.
FIXED vector within(vector x, float bound)
{
#if defined(__AVX512F__)
    return _mm512_min_ps(all(bound), _mm512_max_ps(all(-bound), x));
#elif defined(__AVX__)
    return _mm256_min_ps(all(bound), _mm256_max_ps(all(-bound), x));
#else
    vector raised = where(x < -bound, all(-bound), x);
    return where(raised > bound, all(bound), raised);
#endif
}

// tanh x = x P(x²) / Q(x²) for x within ±9, beyond which it is ±1: largest relative error 2e-8, fitted by weighted least
// squares. For vectors of any width.
#define TANH_WITHIN_9(within) ({ \
    __typeof__(within) x_ = (within), s_ = x_ * x_, s2_ = s_ * s_, s4_ = s2_ * s2_; \
    __typeof__(within) p_ = (0.99999998f + 0.13380974f * s_) + (0.0034955259f + 2.060804e-5f * s_) * s2_ + 1.3353208e-8f * s4_; \
    __typeof__(within) q_ = (1.0f + 0.46714290f * s_) + (0.025876748f + 3.2855321e-4f * s_) * s2_ + 7.775964e-7f * s4_; \
    x_ * p_ / q_; \
})

FIXED vector tanh_of(vector x)
{
    return TANH_WITHIN_9(within(x, 9));
}

// e^x for x within ±87, beyond which it is that of ±87: 2^n e^r with |r| ≤ ln 2 / 2. Adding a number whose last digit is 1 rounds to a whole one; the
// compiler must not see that it is subtracted again.
FIXED vector exp_of(vector x)
{
    const float whole = 0x1.8p23f;
    x = within(x, 87);
    vector n = x * 0x1.715476p0f + whole;
    __asm__("" : "+v"(n));
    const mask power = (mask)n << 23;
    n -= whole;
    const vector r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f, r2 = r * r;
    const vector low = (1 + r) + (0.5f + 0.16666415f * r) * r2;
    const vector high = 0.04166635f + 0.008375168f * r + 0.0013941161f * r2;
    return (vector)((mask)(low + high * (r2 * r2)) + power);
}

// Of vectors side by side: what neighbouring lanes of a, then of b, add up to.
FIXED vector pairs(vector a, vector b)
{
#if defined(__AVX512F__)
    const mask even = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
#else
    const mask even = {0, 2, 4, 6, 8, 10, 12, 14};
#endif
    return __builtin_shuffle(a, b, even) + __builtin_shuffle(a, b, even + 1);
}

// The sums over the lanes of as many vectors as a vector has lanes, which are lost.
FIXED vector totals(vector *v)
{
#pragma GCC unroll 4
    for (int count = LANES; count > 1; count /= 2)
        for (int i = 0; i < count / 2; i++)
            v[i] = pairs(v[2 * i], v[2 * i + 1]);
    return v[0];
}

FIXED float total(vector v)
{
    float sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += v[i];
    return sum;
}

// ln x of positive, normal numbers: x = 2ⁿ m with m from √½ to √2, and ln m = 2 artanh s with s = (m − 1) / (m + 1).
FIXED vector log_of(vector x)
{
    const mask bits = (mask)x - 0x3f3504f3, n = bits >> 23;
    const vector m = (vector)((bits & 0x7fffff) + 0x3f3504f3);
    const vector s = (m - 1) / (m + 1), s2 = s * s;
    const vector odd = 0.66666666f + s2 * (0.4000058f + s2 * (0.28518f + s2 * 0.2423f));
    return __builtin_convertvector(n, vector) * 0x1.62e43p-1f + (2 * s + s * s2 * odd);
}
