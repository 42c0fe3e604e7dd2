// Row P6 by hand: eight bodies, all of which are one vector; the forces on each of them come from one loop over the others.
#define COUNT 8
#define PARAMETERS (3 * COUNT)
#define INPUTS (4 * COUNT)
#include "program.h"

enum { STEPS = 20 };
static const float h = 0.02f, softening = 0.05f;

static double differentiate(void)
{
    static ALIGNED float x_at[STEPS + 1][COUNT], y_at[STEPS + 1][COUNT];
    const float *mass = p;
    ALIGNED float vx[COUNT], vy[COUNT];
    for (int i = 0; i < COUNT; i++) {
        x_at[0][i] = x[i][0];
        y_at[0][i] = x[COUNT + i][0];
        vx[i] = p[COUNT + i];
        vy[i] = p[2 * COUNT + i];
    }
    // A body does not pull itself, since it is at no distance.
    for (int t = 0; t < STEPS; t++) {
        const float *px = x_at[t], *py = y_at[t];
        ALIGNED float ax[COUNT] = {0}, ay[COUNT] = {0};
        for (int j = 0; j < COUNT; j++)
            for (int i = 0; i < COUNT; i++) {
                const float dx = px[j] - px[i], dy = py[j] - py[i], square = dx * dx + dy * dy + softening;
                const float pull = mass[j] / (square * sqrtf(square));
                ax[i] += pull * dx;
                ay[i] += pull * dy;
            }
        for (int i = 0; i < COUNT; i++) {
            vx[i] += h * ax[i];
            vy[i] += h * ay[i];
            x_at[t + 1][i] = px[i] + h * vx[i];
            y_at[t + 1][i] = py[i] + h * vy[i];
        }
    }
    float loss = 0;
    ALIGNED float dx_[COUNT], dy_[COUNT], dvx[COUNT] = {0}, dvy[COUNT] = {0}, dm[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        const float fx = x_at[STEPS][i] - x[2 * COUNT + i][0], fy = y_at[STEPS][i] - x[3 * COUNT + i][0];
        loss += fx * fx + fy * fy;
        dx_[i] = 2.0f / COUNT * fx;
        dy_[i] = 2.0f / COUNT * fy;
    }
    for (int t = STEPS - 1; t >= 0; t--) {
        const float *px = x_at[t], *py = y_at[t];
        ALIGNED float bx[COUNT], by[COUNT], onto_x[COUNT] = {0}, onto_y[COUNT] = {0};
        for (int i = 0; i < COUNT; i++) {
            dvx[i] += h * dx_[i];
            dvy[i] += h * dy_[i];
            bx[i] = h * dvx[i];
            by[i] = h * dvy[i];
        }
        for (int j = 0; j < COUNT; j++) {
            float m = 0, jx = 0, jy = 0;
            for (int i = 0; i < COUNT; i++) {
                const float dx = px[j] - px[i], dy = py[j] - py[i], square = dx * dx + dy * dy + softening;
                const float one = 1 / (square * sqrtf(square)), along = bx[i] * dx + by[i] * dy;
                m += along * one;
                const float back = -3 * mass[j] * along * one / square, pull = mass[j] * one;
                const float ex = pull * bx[i] + back * dx, ey = pull * by[i] + back * dy;
                jx += ex;
                jy += ey;
                onto_x[i] -= ex;
                onto_y[i] -= ey;
            }
            dm[j] += m;
            onto_x[j] += jx;
            onto_y[j] += jy;
        }
        for (int i = 0; i < COUNT; i++) {
            dx_[i] += onto_x[i];
            dy_[i] += onto_y[i];
        }
    }
    for (int i = 0; i < COUNT; i++) {
        g[i] = dm[i];
        g[COUNT + i] = dvx[i];
        g[2 * COUNT + i] = dvy[i];
    }
    return loss / COUNT;
}
