/* Times MPI_Allreduce of floats: allreduce NUMBERS TIMES. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int length = atoi(argv[1]), times = atoi(argv[2]), rank, size;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  float *gradients = malloc(sizeof(float) * length), *sum = malloc(sizeof(float) * length);
  double *millis = malloc(sizeof(double) * times);
  for (int i = -times / 2; i < times; i++) {
    for (int k = 0; k < length; k++) gradients[k] = rank + 1;
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    MPI_Allreduce(gradients, sum, length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    if (i >= 0) millis[i] = (MPI_Wtime() - start) * 1e3;
    if (sum[0] != size * (size + 1) / 2) MPI_Abort(MPI_COMM_WORLD, 1);
  }
  qsort(millis, times, sizeof(double), by_size);
  if (rank == 0)
    printf("C     %d ranks %d numbers %.2f ms (least %.2f)\n", size, length, millis[times / 2], millis[0]);
  MPI_Finalize();
}
