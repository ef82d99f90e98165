package trm4j.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What compilers said of kernels that were written to spill, or not to. */
class ToldTest {

    @Test
    void readsPtxasOfAKernelInRegisters() {
        assertEquals(new Usage(127, 0, 0, 16_512), Told.ptxas("""
                ptxas info    : 0 bytes gmem
                ptxas info    : Compiling entry function 'tiles' for 'sm_90'
                ptxas info    : Function properties for tiles
                    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
                ptxas info    : Used 127 registers, used 1 barriers, 16512 bytes smem
                ptxas info    : Compile time = 73.716 ms
                """));
    }

    @Test
    void readsPtxasOfAKernelThatSpills() {
        assertEquals(new Usage(255, 992, 512, 0), Told.ptxas("""
                ptxas info    : Compiling entry function 'r' for 'sm_90'
                ptxas info    : Function properties for r
                    512 bytes stack frame, 992 bytes spill stores, 996 bytes spill loads
                ptxas info    : Used 255 registers, used 0 barriers, 512 bytes cumulative stack size
                """));
    }

    @Test
    void readsAmdsMetadata() {
        assertEquals(new Usage(256, 2_436, 4, 1_024), Told.amd("""
                amdhsa.kernels:
                  - .args:           []
                    .group_segment_fixed_size: 1024
                    .private_segment_fixed_size: 2440
                    .sgpr_spill_count: 0
                    .vgpr_count:     256
                    .vgpr_spill_count: 609
                    .wavefront_size: 32
                """));
    }

    private static final String TOKENS = """
            Unidentified PatchToken:
            	4 Token 15
            	4 Size 16
            	Hex 0 0 0 0 80 40 0 0
            Unidentified PatchToken:
            	4 Token 23
            	4 Size 140
            	Hex 0 0 0 0 0 0 0 0 0 0 0 0 10 0 0 0 0 0 0 0
            """;

    @Test
    void readsOclocOfAKernelInRegisters() {
        assertEquals(new Usage(0, 0, 0, 16_512, 16), Told.intel("Build succeeded.", TOKENS));
    }

    @Test
    void readsOclocOfAKernelThatSpills() {
        var log = "\nwarning: kernel r  compiled SIMD8 allocated 128 regs and spilled around 185\n\nBuild succeeded.\n";
        assertEquals(new Usage(0, 185 * 32, 0, 16_512, 16), Told.intel(log, TOKENS));
    }

    @Test
    void readsOclocOfAKernelWithScratchSpaceAndAnArrayInMemory() {
        var more = """
                Unidentified PatchToken:
                	4 Token 18
                	4 Size 16
                	Hex 0 0 0 0 0 20 0 0
                Unidentified PatchToken:
                	4 Token 38
                	4 Size 28
                	Hex 40 0 0 0 30 0 0 0 8 0 0 0 0 8 0 0 1 0 0 0
                """;
        assertEquals(new Usage(0, 8_192, 2_048, 16_512, 16), Told.intel("Build succeeded.", TOKENS + more));
    }

    @Test
    void doesNotTakeAnotherProgramsWordsForAllIsWell() {
        assertThrows(IllegalArgumentException.class, () -> Told.ptxas("ptxas fatal : Unknown option"));
        assertThrows(IllegalArgumentException.class, () -> Told.amd("; no metadata"));
        assertThrows(IllegalArgumentException.class, () -> Told.intel("Build succeeded.", ""));
    }
}
