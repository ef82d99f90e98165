package trm4j.mpi;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import trm4j.model.ranks.Invitation;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.RanksException;

/**
 * How this process was started, as launchers of MPI programs tell in the environment.
 *
 * @param starter the launcher, as messages name it
 * @param ofOpenMpi whether it starts programs of Open MPI only
 */
record Launch(String starter, boolean ofOpenMpi, int rank, int size) implements Invitation {

    /** Seconds between SIGTERM and SIGKILL, as Open MPI's mpirun was told; it hands that down. */
    private static final String KILLS_AFTER = "OMPI_MCA_odls_base_sigkill_timeout";

    /** Variables that a launcher sets. */
    private record Names(String starter, boolean ofOpenMpi, String rank, String size) {

        Optional<Launch> in(UnaryOperator<String> environment) {
            return number(environment.apply(rank)).flatMap(r -> number(environment.apply(size))
                    .filter(s -> r < s)
                    .map(s -> new Launch(starter, ofOpenMpi, r, s)));
        }

        private static Optional<Integer> number(String text) {
            try {
                return Optional.ofNullable(text).map(Integer::valueOf).filter(n -> n >= 0);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * Returns how it was started; nothing if it was not by a launcher.
     *
     * @param environment returns a variable, or null
     */
    static Optional<Launch> of(UnaryOperator<String> environment) {
        return Stream.of(
                        new Names("Open MPI's mpirun", true, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
                        // MPICH's mpirun and those made of it; srun --mpi=pmi2.
                        new Names("mpirun", false, "PMI_RANK", "PMI_SIZE"),
                        // srun --mpi=pmix.
                        new Names("srun", false, "PMIX_RANK", "SLURM_STEP_NUM_TASKS"))
                .map(names -> names.in(environment))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public Ranks join() {
        var library = new MpiLibrary(LibraryFile.load(this, System::getenv));
        if (ofOpenMpi && !library.isOpenMpi()) {
            throw foreign(library);
        }
        library.start();
        if (library.size() != size) {
            library.end();
            throw foreign(library);
        }
        return new MpiRanks(library, remark(library.version(), System::getenv));
    }

    /** MPICH's mpirun ends the others for a signal only, as long as this process has not been connected. */
    @Override
    public void decline() {
        if (!ofOpenMpi) {
            MpiLibrary.kill();
        }
    }

    /** Says how long ranks have to save when they are told to stop, where that is not long. */
    Optional<String> remark(String version, UnaryOperator<String> environment) {
        return ofOpenMpi && version.startsWith("Open MPI v4") && environment.apply(KILLS_AFTER) == null
                ? Optional.of("On Ctrl-C or SIGTERM, this mpirun leaves ranks one second to save before it kills them; "
                + "mpirun --mca odls_base_sigkill_timeout 10 leaves them ten.")
                : Optional.empty();
    }

    private RanksException foreign(MpiLibrary library) {
        return new RanksException(starter + " started " + size + " ranks, which do not find each other through "
                + library.version() + "; start with the mpirun of that, or name the libmpi of this one in "
                + LibraryFile.VARIABLE + ".");
    }
}
