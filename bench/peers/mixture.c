// Row F in plain C, in double: the Gaussian mixture objective and its gradient, derived by hand.
#define OWN_CHECK
#include "peer.h"

static int dimensions, parts, points, lower; // lower: numbers strictly below the diagonal
static double gamma_, m;
static double *alpha, *mean, *icf, *point;
static double *gradient, *alpha_slope, *mean_slope, *icf_slope;
static double *diagonal, *diagonal_sum;      // exp of the log-diagonals, and the sums of the log-diagonals
static double *centred, *projected, *back, *score;

static void restart(void)
{
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

static double log_gamma_distribution(double a)
{
    double sum = 0.25 * dimensions * (dimensions - 1) * log(M_PI);
    for (int j = 1; j <= dimensions; j++)
        sum += lgamma(a + 0.5 * (1 - j));
    return sum;
}

static double step(int step_number)
{
    (void)step_number;
    const int D = dimensions, stride = D + lower;
    memset(gradient, 0, (size_t)(parts * (1 + D + stride)) * sizeof(double));
    for (int k = 0; k < parts; k++) {
        diagonal_sum[k] = 0;
        for (int j = 0; j < D; j++) {
            diagonal[k * D + j] = exp(icf[k * stride + j]);
            diagonal_sum[k] += icf[k * stride + j];
        }
    }

    double total = 0;
    for (int n = 0; n < points; n++) {
        for (int k = 0; k < parts; k++) {
            const double *restrict q = diagonal + k * D, *restrict l = icf + k * stride + D;
            double *restrict c = centred + k * D, *restrict z = projected + k * D, length = 0;
            for (int j = 0; j < D; j++) {
                c[j] = point[n * D + j] - mean[k * D + j];
                z[j] = q[j] * c[j];
            }
            for (int i = 0; i < D; i++)
                for (int j = i + 1; j < D; j++)
                    z[j] += *l++ * c[i];
            for (int j = 0; j < D; j++)
                length += z[j] * z[j];
            score[k] = alpha[k] + diagonal_sum[k] - 0.5 * length;
        }
        double sum = log_sum_exp(score, parts);
        total += sum;
        for (int k = 0; k < parts; k++) {
            const double *restrict q = diagonal + k * D, *restrict l = icf + k * stride + D, *restrict c = centred + k * D;
            double *restrict z = projected + k * D, share = exp(score[k] - sum);
            double *restrict dq = icf_slope + k * stride, *restrict dl = dq + D;
            alpha_slope[k] += share;
            for (int j = 0; j < D; j++) {
                z[j] *= -share; // now dsum/dz
                dq[j] += share + z[j] * c[j] * q[j];
                back[j] = z[j] * q[j];
            }
            for (int i = 0; i < D; i++) {
                double through = 0;
                for (int j = i + 1; j < D; j++) {
                    *dl++ += z[j] * c[i];
                    through += z[j] * *l++;
                }
                back[i] += through;
            }
            for (int j = 0; j < D; j++)
                mean_slope[k * D + j] -= back[j];
        }
    }

    double wishart = 0, of_alphas = log_sum_exp(alpha, parts), freedom = D + m + 1;
    for (int k = 0; k < parts; k++) {
        double squares = 0;
        alpha_slope[k] -= points * exp(alpha[k] - of_alphas);
        for (int j = 0; j < D; j++) {
            double q = diagonal[k * D + j];
            squares += q * q;
            icf_slope[k * stride + j] += gamma_ * gamma_ * q * q - m;
        }
        for (int j = D; j < stride; j++) {
            double l = icf[k * stride + j];
            squares += l * l;
            icf_slope[k * stride + j] += gamma_ * gamma_ * l;
        }
        wishart += 0.5 * gamma_ * gamma_ * squares - m * diagonal_sum[k];
    }
    double constant = freedom * D * (log(gamma_) - 0.5 * log(2)) - log_gamma_distribution(0.5 * freedom);
    return -0.5 * points * D * log(2 * M_PI) + total - points * of_alphas + wishart - parts * constant;
}

static void check(char *steps)
{
    (void)steps;
    double value = step(0), squares = 0;
    for (int i = 0; i < parts * (1 + 2 * dimensions + lower); i++)
        squares += gradient[i] * gradient[i];
    printf("%.17g %.17g\n", value, sqrt(squares));
}

static double *numbers(int count, int read)
{
    double *place = calloc((size_t)count, sizeof(double));
    if (!place)
        exit(1);
    for (int i = 0; read && i < count; i++)
        place[i] = number();
    return place;
}

int main(int count, char **arguments)
{
    open_input(count, arguments);
    dimensions = (int)number();
    parts = (int)number();
    points = (int)number();
    lower = dimensions * (dimensions - 1) / 2;
    alpha = numbers(parts, 1);
    mean = numbers(parts * dimensions, 1);
    icf = numbers(parts * (dimensions + lower), 1);
    point = numbers(points * dimensions, 1);
    gamma_ = number();
    m = number();
    gradient = numbers(parts * (1 + 2 * dimensions + lower), 0);
    alpha_slope = gradient;
    mean_slope = gradient + parts;
    icf_slope = mean_slope + parts * dimensions;
    diagonal = numbers(parts * dimensions, 0);
    diagonal_sum = numbers(parts, 0);
    centred = numbers(parts * dimensions, 0);
    projected = numbers(parts * dimensions, 0);
    back = numbers(dimensions, 0);
    score = numbers(parts, 0);
    return serve();
}
