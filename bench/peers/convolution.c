// Rows K by hand: a convolution of eight channels with ReLU, the greatest of each 2 × 2, ten logits, cross-entropy; lanes are images. Four outputs
// that one window takes together, for four channels, are sixteen sums in registers. SIZE and KERNEL are fixed when it is built.
#define OUT (SIZE - KERNEL + 1)
#define POOLED (OUT / 2)
#define CHANNELS 8
#define CLASSES 10
#define TAPS (KERNEL * KERNEL)
#define HIDDEN (CHANNELS * POOLED * POOLED)
#define PARAMETERS (CHANNELS * (TAPS + 1) + CLASSES * (HIDDEN + 1))
#define INPUTS (SIZE * SIZE)
#define INDICES 1
#define EXAMPLES 32
#include "program.h"

enum { WIDE = (HIDDEN + LANES - 1) / LANES * LANES, PARTS = EXAMPLES / LANES };

static lane hidden[PARTS][WIDE], d_hidden[WIDE], d_logit[PARTS][CLASSES], dw[CHANNELS][TAPS], db[CHANNELS];
static mask chosen[PARTS][HIDDEN]; // which of the four was the greatest, or −1 where ReLU leaves nothing

// Four channels from one on, at one window: what is greatest, and which it is.
FIXED void window(int part, int channel, int row, int column)
{
    const float *kernel = p + channel * TAPS, *bias = p + CHANNELS * TAPS + channel;
    lane sum[4][4];
    for (int c = 0; c < 4; c++)
        for (int i = 0; i < 4; i++)
            sum[c][i] = all(bias[c]);
    for (int i = 0; i < KERNEL; i++)
        for (int j = 0; j < KERNEL; j++) {
            const float (*at)[EXAMPLES] = (const float (*)[EXAMPLES])x + (2 * row + i) * SIZE + 2 * column + j;
            const lane a = load(at[0] + part * LANES), b = load(at[1] + part * LANES), d = load(at[SIZE] + part * LANES), e = load(at[SIZE + 1] + part * LANES);
            for (int c = 0; c < 4; c++) {
                const float w = kernel[c * TAPS + i * KERNEL + j];
                sum[c][0] += w * a;
                sum[c][1] += w * b;
                sum[c][2] += w * d;
                sum[c][3] += w * e;
            }
        }
    for (int c = 0; c < 4; c++) {
        lane greatest = {0};
        mask which = (mask){0} - 1;
        for (int i = 0; i < 4; i++) {
            const mask more = sum[c][i] > greatest;
            greatest = where(more, sum[c][i], greatest);
            which = (mask)where(more, (vector)((mask){0} + i), (vector)which);
        }
        const int at = ((channel + c) * POOLED + row) * POOLED + column;
        hidden[part][at] = greatest;
        chosen[part][at] = which;
    }
}

// What four channels' window adds to the slopes of their kernels.
FIXED void window_back(int part, int channel, int row, int column)
{
    lane d[4][4];
    for (int c = 0; c < 4; c++) {
        const int at = ((channel + c) * POOLED + row) * POOLED + column;
        for (int i = 0; i < 4; i++) {
            d[c][i] = where(chosen[part][at] == i, d_hidden[at], (vector){0});
            db[channel + c] += d[c][i];
        }
    }
    for (int i = 0; i < KERNEL; i++)
        for (int j = 0; j < KERNEL; j++) {
            const float (*at)[EXAMPLES] = (const float (*)[EXAMPLES])x + (2 * row + i) * SIZE + 2 * column + j;
            const lane a = load(at[0] + part * LANES), b = load(at[1] + part * LANES), e = load(at[SIZE] + part * LANES), f = load(at[SIZE + 1] + part * LANES);
            for (int c = 0; c < 4; c++)
                dw[channel + c][i * KERNEL + j] += (d[c][0] * a + d[c][1] * b) + (d[c][2] * e + d[c][3] * f);
        }
}

static double differentiate(void)
{
    const float *dense = p + CHANNELS * (TAPS + 1);
    float *d_dense = g + CHANNELS * (TAPS + 1);
    double loss = 0;
    memset(dw, 0, sizeof dw);
    memset(db, 0, sizeof db);
    for (int part = 0; part < PARTS; part++) {
        for (int channel = 0; channel < CHANNELS; channel += 4)
            for (int row = 0; row < POOLED; row++)
                for (int column = 0; column < POOLED; column++)
                    window(part, channel, row, column);
        lane logit[CLASSES], greatest, sum = {0}, right = {0};
        for (int k = 0; k < CLASSES; k++)
            logit[k] = all(dense[k * (HIDDEN + 1) + HIDDEN]);
        for (int i = 0; i < HIDDEN; i++)
            for (int k = 0; k < CLASSES; k++)
                logit[k] += dense[k * (HIDDEN + 1) + i] * hidden[part][i];
        greatest = logit[0];
        for (int k = 1; k < CLASSES; k++)
            greatest = where(logit[k] > greatest, logit[k], greatest);
        const mask class = *(const mask *)(choice[0] + part * LANES);
        for (int k = 0; k < CLASSES; k++) {
            right = where(class == k, logit[k] - greatest, right);
            sum += d_logit[part][k] = exp_of(logit[k] - greatest);
        }
        loss += total(log_of(sum) - right);
        for (int k = 0; k < CLASSES; k++)
            d_logit[part][k] = (d_logit[part][k] / sum - where(class == k, all(1), (vector){0})) / EXAMPLES;

        for (int i = 0; i < HIDDEN; i++) {
            lane d = dense[i] * d_logit[part][0];
            for (int k = 1; k < CLASSES; k++)
                d += dense[k * (HIDDEN + 1) + i] * d_logit[part][k];
            d_hidden[i] = d;
        }
        for (int channel = 0; channel < CHANNELS; channel += 4)
            for (int row = 0; row < POOLED; row++)
                for (int column = 0; column < POOLED; column++)
                    window_back(part, channel, row, column);
    }
    for (int i = 0; i < WIDE; i += LANES)
        for (int k = 0; k < CLASSES; k++) {
            lane of[LANES];
            for (int l = 0; l < LANES; l++) {
                of[l] = d_logit[0][k] * hidden[0][i + l];
                for (int part = 1; part < PARTS; part++)
                    of[l] += d_logit[part][k] * hidden[part][i + l];
            }
            const lane sums = totals(of);
            float *to = d_dense + k * (HIDDEN + 1) + i;
            if (i + LANES <= HIDDEN)
                store(to, sums);
            else
                for (int l = 0; i + l < HIDDEN; l++)
                    to[l] = sums[l];
        }
    for (int k = 0; k < CLASSES; k++) {
        lane all_of = d_logit[0][k];
        for (int part = 1; part < PARTS; part++)
            all_of += d_logit[part][k];
        d_dense[k * (HIDDEN + 1) + HIDDEN] = total(all_of);
    }
    for (int c = 0; c < CHANNELS; c++) {
        for (int i = 0; i < TAPS; i++)
            g[c * TAPS + i] = total(dw[c][i]);
        g[CHANNELS * TAPS + c] = total(db[c]);
    }
    return loss / EXAMPLES;
}
