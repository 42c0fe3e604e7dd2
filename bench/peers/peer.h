// What every C peer shares: reading numbers, the clock, and the protocol of two commands on standard input:
//   run K          make K steps and answer with the seconds they took, without those of starting again
//   check S S …    start again and answer with the losses of steps S (any step's own two numbers, for the mixture)
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// A peer defines these. Step k returns its loss; the caller restarts every 100 steps.
static void restart(void);
static double step(int k);

static FILE *input;

static double number(void)
{
    double value;
    if (fscanf(input, "%lf", &value) != 1) {
        fprintf(stderr, "the input file ends too early\n");
        exit(1);
    }
    return value;
}

static inline void expect(const char *what, int wanted)
{
    int found = (int)number();
    if (found != wanted) {
        fprintf(stderr, "expected %s %d, found %d\n", what, wanted, found);
        exit(1);
    }
}

static void open_input(int count, char **arguments)
{
    input = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (!input) {
        fprintf(stderr, "usage: %s FILE\n", arguments[0]);
        exit(1);
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void run(long steps)
{
    static int k;
    volatile double loss = 0; // so that no step can be optimised away
    double seconds = 0, start = now();
    for (long i = 0; i < steps; i++) {
        if (k == 0) {
            seconds += now() - start;
            restart();
            start = now();
        }
        loss = step(k);
        k = k == 99 ? 0 : k + 1;
    }
    (void)loss;
    printf("%.9f\n", seconds + now() - start);
}

#ifndef OWN_CHECK
static void check(char *steps)
{
    restart();
    int k = 0;
    for (char *next = strtok(steps, " "); next; next = strtok(NULL, " ")) {
        double loss = 0;
        for (; k <= atoi(next); k++)
            loss = step(k);
        printf("%.17g ", loss);
    }
    printf("\n");
    restart();
}
#else
static void check(char *steps);
#endif

static int serve(void)
{
    char line[8192];
    while (fgets(line, sizeof line, stdin)) {
        if (!strncmp(line, "run ", 4))
            run(atol(line + 4));
        else if (!strncmp(line, "check ", 6))
            check(line + 6);
        fflush(stdout);
    }
    return 0;
}
