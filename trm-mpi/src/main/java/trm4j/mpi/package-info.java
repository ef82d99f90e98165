/**
 * Open MPI or MPICH, called through {@link java.lang.foreign}, for processes that {@code mpirun} or {@code srun}
 * started together. It is found at run time, as a {@link trm4j.model.ranks.RanksProvider}; nobody names a class of it.
 */
package trm4j.mpi;
