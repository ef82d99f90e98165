package trm4j.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ranks as mpirun starts them. */
class MpiRanksTest {

    /** More than are sent at a time. */
    private static final String LENGTH = "300000";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource
    void doWhatRanksHaveToDo(Mpirun mpirun) throws Exception {
        mpirun.assume();
        var job = mpirun.start(dir, 3, Map.of(), ExchangeMain.class.getName(), LENGTH);
        assertEquals(0, job.status(), job.said());
        assertTrue(job.said().startsWith("3 ranks, " + (mpirun == Mpirun.MPICH ? "MPICH " : "Open MPI v")), job.said());
    }

    /** Else the launcher would take that for the end of all is well. */
    @Test
    void whoLeavesWithoutAWordEndsAllAsAFault() throws Exception {
        Mpirun.MPICH.assume();
        var job = Mpirun.MPICH.start(dir, 2, Map.of(), LeavingMain.class.getName());
        assertEquals(1, job.status(), job.said());
        assertEquals("", job.said().replaceFirst("(?s)Abort\\(1\\) on node 1.*", ""));
    }

    @Test
    void refusesTheLibraryOfAnother() throws Exception {
        Mpirun.OPEN_MPI.assume();
        Mpirun.MPICH.assume();
        var job = Mpirun.OPEN_MPI.start(
                dir, 2, Map.of(LibraryFile.VARIABLE, "libmpich.so.12"), ExchangeMain.class.getName(), "1");
        assertEquals(1, job.status(), job.said());
        assertTrue(job.said().contains("RanksException: Open MPI's mpirun started 2 ranks, which do not find each "
                + "other through MPICH "), job.said());
    }
}
