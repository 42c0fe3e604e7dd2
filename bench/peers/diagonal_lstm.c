// Row L by hand: ADBench's LSTM in double, 14 cells a layer, filled up to whole vectors. What the gates gave is kept for the way back.
#define DOUBLE
#define LAYERS 2
#define WIDTH 14
#define LENGTH 1024
#define PARAMETERS (2 * LAYERS * 4 * WIDTH + 3 * WIDTH)
#define INPUTS (2 * LAYERS * WIDTH + LENGTH * WIDTH)
#include "program.h"

enum { WIDE = 16 };

typedef ALIGNED double cells[WIDE];

// One layer at one moment: what each gate gave, the new memory and its tanh, and what is shown.
typedef struct {
    cells forget, in, out, change, memory, bent, shown;
} moment;

static moment kept[LENGTH][LAYERS];
static cells text[LENGTH], share[LENGTH];

typedef struct {
    cells forget, in, out, change;
} gates;

static void spread(double *to, const double *from)
{
    for (int i = 0; i < WIDE; i++)
        to[i] = i < WIDTH ? from[i] : 0;
}

static double differentiate(void)
{
    gates weight[LAYERS], bias[LAYERS], d_weight[LAYERS], d_bias[LAYERS];
    cells ends[3], d_ends[3], signal, loss = {0};
    memset(d_weight, 0, sizeof d_weight);
    memset(d_bias, 0, sizeof d_bias);
    memset(d_ends, 0, sizeof d_ends);
    static cells start[2 * LAYERS];
    static int is_read;
    for (int i = 0; !is_read && i < 2 * LAYERS * WIDTH; i++)
        start[i / WIDTH][i % WIDTH] = x[i][0];
    for (int i = 0; !is_read && i < LENGTH * WIDTH; i++)
        text[i / WIDTH][i % WIDTH] = x[2 * LAYERS * WIDTH + i][0];
    is_read = 1;
    // Of the file's order each gate has a row: forget, in, out, change.
    for (int l = 0; l < LAYERS; l++)
        for (int gate = 0; gate < 4; gate++) {
            spread((double *)&weight[l] + gate * WIDE, p + (8 * l + gate) * WIDTH);
            spread((double *)&bias[l] + gate * WIDE, p + (8 * l + 4 + gate) * WIDTH);
        }
    for (int end = 0; end < 3; end++)
        spread(ends[end], p + (8 * LAYERS + end) * WIDTH);

    for (int t = 0; t + 1 < LENGTH; t++) {
        for (int i = 0; i < WIDE; i++)
            signal[i] = text[t][i] * ends[0][i];
        for (int l = 0; l < LAYERS; l++) {
            const double *hidden = t > 0 ? kept[t - 1][l].shown : start[2 * l], *memory = t > 0 ? kept[t - 1][l].memory : start[2 * l + 1];
            const gates *w = &weight[l], *b = &bias[l];
            moment *k = &kept[t][l];
            for (int i = 0; i < WIDE; i++) {
                k->forget[i] = 1 / (1 + exp(-(signal[i] * w->forget[i] + b->forget[i])));
                k->in[i] = 1 / (1 + exp(-(hidden[i] * w->in[i] + b->in[i])));
                k->out[i] = 1 / (1 + exp(-(signal[i] * w->out[i] + b->out[i])));
                k->change[i] = 1 - 2 / (1 + exp(2 * (hidden[i] * w->change[i] + b->change[i])));
                k->memory[i] = memory[i] * k->forget[i] + k->in[i] * k->change[i];
                k->bent[i] = 1 - 2 / (1 + exp(2 * k->memory[i]));
                k->shown[i] = signal[i] = k->out[i] * k->bent[i];
            }
        }
        double all = 2, gold = 0, logits[WIDE];
        for (int i = 0; i < WIDE; i++)
            share[t][i] = exp(logits[i] = signal[i] * ends[1][i] + ends[2][i]);
        for (int i = 0; i < WIDTH; i++)
            all += share[t][i];
        for (int i = 0; i < WIDE; i++)
            gold += text[t + 1][i];
        const double scale = log(all), by = gold / all;
        for (int i = 0; i < WIDE; i++) {
            loss[i] += text[t + 1][i] * (logits[i] - scale);
            share[t][i] *= by;
        }
    }

    cells d_shown[LAYERS] = {{0}}, d_memory[LAYERS] = {{0}};
    for (int t = LENGTH - 2; t >= 0; t--) {
        cells d;
        for (int i = 0; i < WIDE; i++) {
            const double by = i < WIDTH ? text[t + 1][i] - share[t][i] : 0;
            d_ends[1][i] += by * kept[t][LAYERS - 1].shown[i];
            d_ends[2][i] += by;
            d[i] = by * ends[1][i];
        }
        for (int l = LAYERS - 1; l >= 0; l--) {
            const double *hidden = t > 0 ? kept[t - 1][l].shown : start[2 * l], *memory = t > 0 ? kept[t - 1][l].memory : start[2 * l + 1];
            const gates *w = &weight[l];
            gates *dw = &d_weight[l], *db = &d_bias[l];
            const moment *k = &kept[t][l];
            for (int i = 0; i < WIDE; i++) {
                const double in_signal = l > 0 ? kept[t][l - 1].shown[i] : text[t][i] * ends[0][i], all = d[i] + d_shown[l][i];
                const double dm = d_memory[l][i] + all * k->out[i] * (1 - k->bent[i] * k->bent[i]);
                const double df = dm * memory[i] * k->forget[i] * (1 - k->forget[i]), di = dm * k->change[i] * k->in[i] * (1 - k->in[i]);
                const double d_out = all * k->bent[i] * k->out[i] * (1 - k->out[i]), dc = dm * k->in[i] * (1 - k->change[i] * k->change[i]);
                dw->forget[i] += df * in_signal;
                db->forget[i] += df;
                dw->in[i] += di * hidden[i];
                db->in[i] += di;
                dw->out[i] += d_out * in_signal;
                db->out[i] += d_out;
                dw->change[i] += dc * hidden[i];
                db->change[i] += dc;
                d_memory[l][i] = dm * k->forget[i];
                d_shown[l][i] = di * w->in[i] + dc * w->change[i];
                d[i] = df * w->forget[i] + d_out * w->out[i];
            }
        }
        for (int i = 0; i < WIDE; i++)
            d_ends[0][i] += d[i] * text[t][i];
    }
    const double scale = -1.0 / ((LENGTH - 1) * WIDTH);
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
        sum += loss[i];
        for (int l = 0; l < LAYERS; l++)
            for (int gate = 0; gate < 4; gate++) {
                g[(8 * l + gate) * WIDTH + i] = scale * ((double *)&d_weight[l])[gate * WIDE + i];
                g[(8 * l + 4 + gate) * WIDTH + i] = scale * ((double *)&d_bias[l])[gate * WIDE + i];
            }
        for (int end = 0; end < 3; end++)
            g[(8 * LAYERS + end) * WIDTH + i] = scale * d_ends[end][i];
    }
    return scale * sum;
}
