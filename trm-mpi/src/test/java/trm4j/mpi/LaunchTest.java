package trm4j.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import trm4j.model.ranks.RanksException;

class LaunchTest {

    @Test
    void seesByTheEnvironmentWhatStartedIt() {
        assertEquals(
                Optional.of(new Launch("Open MPI's mpirun", true, 2, 4)),
                Launch.of(Map.of("OMPI_COMM_WORLD_RANK", "2", "OMPI_COMM_WORLD_SIZE", "4", "PMIX_RANK", "2")::get));
        assertEquals(
                Optional.of(new Launch("mpirun", false, 0, 2)),
                Launch.of(Map.of("PMI_RANK", "0", "PMI_SIZE", "2", "MPI_LOCALRANKID", "0")::get));
        assertEquals(
                Optional.of(new Launch("srun", false, 1, 8)),
                Launch.of(Map.of("PMIX_RANK", "1", "SLURM_STEP_NUM_TASKS", "8")::get));
        // In a script that sbatch started, or after somebody's export.
        assertEquals(Optional.empty(), Launch.of(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "4")::get));
        assertEquals(Optional.empty(), Launch.of(Map.of("PMI_RANK", "", "PMI_SIZE", "many")::get));
        assertEquals(Optional.empty(), Launch.of(Map.<String, String>of()::get));
    }

    @Test
    void saysHowLongThereIsToSave() {
        var launch = new Launch("Open MPI's mpirun", true, 0, 2);
        assertTrue(launch.remark("Open MPI v4.1.4", Map.<String, String>of()::get).isPresent());
        assertTrue(launch.remark("Open MPI v4.1.4", Map.of("OMPI_MCA_odls_base_sigkill_timeout", "60")::get).isEmpty());
        assertTrue(new Launch("mpirun", false, 0, 2).remark("MPICH 4.0.2", Map.<String, String>of()::get).isEmpty());
    }

    @Test
    void saysWhereALibraryIsExpected() {
        var launch = new Launch("Open MPI's mpirun", true, 0, 2);
        var missing = assertThrows(
                RanksException.class, () -> LibraryFile.load(launch, Map.of("TRM_MPI", "/nowhere/libmpi.so")::get));
        assertEquals("MPI could not be loaded from /nowhere/libmpi.so, which TRM_MPI names; expected the libmpi of "
                + "Open MPI's mpirun, which started 2 ranks.", missing.getMessage());
        var other = assertThrows(
                RanksException.class,
                () -> new MpiLibrary(LibraryFile.load(launch, Map.of("TRM_MPI", "libc.so.6")::get)));
        assertEquals("The library that was loaded is not MPI's, expected a libmpi; name another in TRM_MPI.",
                other.getMessage());
    }
}
