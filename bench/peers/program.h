// What peers of one loss share. Before it is included, a peer says how many PARAMETERS there are, and how many INPUTS and INDICES an example
// has, where any; EXAMPLES it says itself, or it comes from the command that builds it. Afterwards it defines differentiate. Numbers are float32,
// or double where DOUBLE is defined.
#include "peer.h"
#include "vectors.h"

#ifndef EXAMPLES
#define EXAMPLES 1
#endif
#ifndef INPUTS
#define INPUTS 0
#endif
#ifndef INDICES
#define INDICES 0
#endif
#ifdef DOUBLE
typedef double real;
#else
typedef float real;
#endif

#define ALIGNED __attribute__((aligned(64)))

static ALIGNED real initial[PARAMETERS], p[PARAMETERS], g[PARAMETERS];
static ALIGNED real x[INPUTS > 0 ? INPUTS : 1][EXAMPLES]; // input by input, so that lanes may be examples
static ALIGNED int choice[INDICES > 0 ? INDICES : 1][EXAMPLES];
static real rate;

// What a loss computes with: a number of the one example, or a vector with lanes for examples.
#if EXAMPLES == 1
typedef real lane;
enum { SIDE_BY_SIDE = 1 };
#define input(i, n) x[i][n]
#define sum_of(v) (v)
#define exp_at(v) (sizeof(real) == 4 ? expf(v) : exp(v))
#define tanh_at(v) (sizeof(real) == 4 ? tanhf(v) : tanh(v))
#else
typedef vector lane;
enum { SIDE_BY_SIDE = LANES };
#define input(i, n) load(x[i] + (n))
#define sum_of(v) total(v)
#define exp_at(v) exp_of(v)
#define tanh_at(v) tanh_of(v)
#endif

#ifdef TABLES
// A peer that defines TABLES reads what follows the examples.
static void read_tables(void);
#endif

// Returns the mean loss of the examples at p, and leaves its gradient in g, which holds zeros.
static double differentiate(void);

static void restart(void)
{
    memcpy(p, initial, sizeof p);
}

static double step(int k)
{
    (void)k;
    memset(g, 0, sizeof g);
    const double loss = differentiate();
    for (int i = 0; i < PARAMETERS; i++)
        p[i] -= rate * g[i];
    return loss;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    expect("parameters", PARAMETERS);
    expect("examples", EXAMPLES);
    expect("inputs", INPUTS);
    expect("indices", INDICES);
    rate = (real)number();
    for (int i = 0; i < PARAMETERS; i++)
        initial[i] = (real)number();
    for (int n = 0; n < EXAMPLES; n++)
        for (int i = 0; i < INPUTS; i++)
            x[i][n] = (real)number();
    for (int n = 0; n < EXAMPLES; n++)
        for (int i = 0; i < INDICES; i++)
            choice[i][n] = (int)number();
#ifdef TABLES
    read_tables();
#endif
    return serve();
}
