// Says for which processor OpenBLAS has chosen its kernels.
#include <stdio.h>

char *openblas_get_corename(void);

int main(void)
{
    puts(openblas_get_corename());
    return 0;
}
