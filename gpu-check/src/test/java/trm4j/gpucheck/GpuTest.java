package trm4j.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Numbers as NVIDIA's occupancy calculator and AMD's tables have them. */
class GpuTest {

    @Test
    void registersDecide() {
        assertEquals(2, Gpu.SM_90.groups(new Usage(128, 0, 0, 16_512), 256));
        assertEquals(1, Gpu.SM_90.groups(new Usage(129, 0, 0, 16_512), 256));
        assertEquals(4, Gpu.GFX90A.groups(new Usage(100, 0, 0, 0), 256));
        assertEquals(8, Gpu.GFX1100.groups(new Usage(96, 0, 0, 0), 256));
    }

    @Test
    void localMemoryDecides() {
        assertEquals(3, Gpu.SM_80.groups(new Usage(32, 0, 0, 50_000), 256));
        assertEquals(4, Gpu.SM_90.groups(new Usage(32, 0, 0, 50_000), 256));
        assertEquals(1, Gpu.GFX90A.groups(new Usage(32, 0, 0, 34_176), 256));
    }

    @Test
    void threadsDecide() {
        assertEquals(8, Gpu.SM_90.groups(new Usage(16, 0, 0, 0), 256));
        assertEquals(16, Gpu.SM_90.groups(new Usage(16, 0, 0, 0), 128));
        assertEquals(8, Gpu.DG2.groups(new Usage(0, 0, 0, 0, 16), 256));
        assertEquals(4, Gpu.DG2.groups(new Usage(0, 0, 0, 0, 8), 256));
    }
}
