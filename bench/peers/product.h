// The matrix product that peers in plain C share, in tiles of sums that stay in registers.

#include "vectors.h"

typedef struct {
    const float *start;
    int row, column; // how far apart rows are, and columns
} Matrix;

// How much of a product stays in registers at once: rows by vectors.
enum { TALL = 12, FLAT = 6 };

FIXED void tile(float *c, int c_row, const float *base, Matrix a, const float *b, int b_row, int depth, int rows, int vectors)
{
    vector sum[TALL][2];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++)
            sum[r][v] = base ? load(base + r * c_row + v * LANES) : (vector){0};
    for (int k = 0; k < depth; k++) {
        vector right[2];
        for (int v = 0; v < vectors; v++)
            right[v] = load(b + k * b_row + v * LANES);
        for (int r = 0; r < rows; r++) {
            float left = a.start[r * a.row + k * a.column];
            for (int v = 0; v < vectors; v++)
                sum[r][v] += left * right[v];
        }
    }
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++)
            store(c + r * c_row + v * LANES, sum[r][v]);
}

FIXED void strip(float *c, int c_row, const float *base, Matrix a, const float *b, int b_row, int rows, int depth, int height, int vectors)
{
    int r = 0;
#define TILE(count) tile(c + r * c_row, c_row, base ? base + r * c_row : 0, (Matrix){a.start + r * a.row, a.row, a.column}, b, b_row, depth, count, vectors)
    for (; r + height <= rows; r += height)
        TILE(height);
    for (; r + 4 <= rows; r += 4)
        TILE(4);
    for (; r < rows; r++)
        TILE(1);
#undef TILE
}

// c = base + a b, where base is null, c itself, or laid out like c. Columns are rounded up to whole vectors: c and b have room for them.
FIXED void product_of(float *c, int c_row, const float *base, Matrix a, const float *b, int b_row, int rows, int depth, int columns)
{
    int j = 0;
    for (; j + LANES < columns; j += 2 * LANES)
        strip(c + j, c_row, base ? base + j : 0, a, b + j, b_row, rows, depth, FLAT, 2);
    if (j < columns)
        strip(c + j, c_row, base ? base + j : 0, a, b + j, b_row, rows, depth, TALL, 1);
}
