// Row S by hand: a sum over tables of which parameters are multiplied.
#define PARAMETERS 2000
#define TABLES
#include "program.h"

enum { TERMS = 100000 };

static float factor[TERMS];
static int left[TERMS], right[TERMS];

static void read_tables(void)
{
    for (int i = 0; i < TERMS; i++)
        factor[i] = (float)number();
    for (int i = 0; i < TERMS; i++)
        left[i] = (int)number();
    for (int i = 0; i < TERMS; i++)
        right[i] = (int)number();
}

static double differentiate(void)
{
    float sum = 0;
    for (int i = 0; i < TERMS; i++) {
        const float a = p[left[i]], b = p[right[i]], by = factor[i];
        sum += by * a * b;
        g[left[i]] += by * b;
        g[right[i]] += by * a;
    }
    for (int i = 0; i < PARAMETERS; i++)
        g[i] /= TERMS;
    return sum / TERMS;
}
