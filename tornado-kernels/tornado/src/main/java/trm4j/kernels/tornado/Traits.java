package trm4j.kernels.tornado;

/**
 * What kernels are cut to.
 *
 * @param gpu whether the threads of a work-group run side by side, on a memory of banks
 * @param units how many work-groups run at a time, roughly
 * @param group the most threads of a work-group
 */
record Traits(boolean gpu, int units, int group) {}
