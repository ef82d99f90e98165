#!/usr/bin/env bash
# With three ranks, Open MPI adds up an element's floats in an order that depends on how many elements there are.
#
# Expected: MPI_Allreduce gives an element the same bits whether it is sent with 1,999 others or with 199,999: same
#   ranks, same numbers, same operation. Then gradients could be exchanged in one message or in pieces, and a layer
#   could be added to a model, without a change of the others' sums.
# What happens: against a message of 200,000 floats, a fifth to a quarter of the sums of the first 2,000 and of the
#   first 10,000 differ in the last bits, but none of the first 1,000, 4,000 or 100,000. Open MPI chooses among several
#   algorithms by ranks and length, back and forth; in its rings (4 and 5) the piece of the message in which an element
#   lies says which rank's number comes first. Two floats have but one sum, and with four ranks none differed. Debian's
#   MPICH gave the same bits at each length, with two, three and four ranks.
#   The standard allows it: it recommends the same result for the same arguments, and the length is one of them.
# Versions: openmpi-bin 4.1.4-3+b1, libopenmpi-dev 4.1.4-3+b1, mpich 4.0.2-3+b1 (Debian 12, amd64).
# Source: fixed decision rules of the component coll/tuned; MPI 4.0, 6.9.1 "Reduce", advice to implementors.
# Seen: Open MPI: 1000: 0, 2000: 442, 4000: 0, 10000: 2368, 100000: 0; MPICH: 0 of each
# What helps: gather, and add in an order of one's own; or ask for recursive doubling at all lengths
#   (--mca coll_tuned_use_dynamic_rules 1 --mca coll_tuned_allreduce_algorithm 3: none differed).
set -euo pipefail

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
cd "$temporary"
packages=(openmpi-bin libopenmpi-dev mpich libmpich-dev)
versions=(4.1.4-3+b1 4.1.4-3+b1 4.0.2-3+b1 4.0.2-3+b1)
missing=()
for i in "${!packages[@]}"; do
  found=$(dpkg-query -W -f '${Version}' "${packages[i]}" 2>/dev/null || true)
  [ "$found" = "${versions[i]}" ] || missing+=("${packages[i]}=${versions[i]}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install gcc libc6-dev "${missing[@]}" >/dev/null
fi

cat >sums.c <<'C'
#include <mpi.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 200000 };
static float mine[MOST], all[MOST], first[MOST];

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  unsigned state = 1 + rank;
  for (int i = 0; i < MOST; i++) {
    state = state * 1664525u + 1013904223u;
    mine[i] = (int) state * 0x1p-31f;
  }
  MPI_Allreduce(mine, all, MOST, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
  int lengths[] = {1000, 2000, 4000, 10000, 100000};
  for (int k = 0; k < 5; k++) {
    MPI_Allreduce(mine, first, lengths[k], MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    int differ = 0;
    for (int i = 0; i < lengths[k]; i++)
      differ += memcmp(&first[i], &all[i], sizeof(float)) != 0;
    if (rank == 0)
      printf("%d: %d%s", lengths[k], differ, k < 4 ? ", " : "\n");
  }
  MPI_Finalize();
}
C

mpicc.openmpi -o sums-openmpi sums.c
mpicc.mpich -o sums-mpich sums.c
openmpi=$(HWLOC_COMPONENTS=-opencl mpirun.openmpi --allow-run-as-root --oversubscribe --bind-to none -n 3 ./sums-openmpi)
mpich=$(HWLOC_COMPONENTS=-opencl mpirun.mpich -n 3 ./sums-mpich)
echo "Open MPI: $openmpi"
echo "MPICH:    $mpich"
[ "$openmpi" = "1000: 0, 2000: 442, 4000: 0, 10000: 2368, 100000: 0" ] &&
  [ "$mpich" = "1000: 0, 2000: 0, 4000: 0, 10000: 0, 100000: 0" ]
