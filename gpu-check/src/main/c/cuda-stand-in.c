/*
 * Stands in for NVIDIA's driver and NVRTC, as far as TornadoVM's CUDA backend needs them to start and to write kernels:
 * one GPU of compute capability 9.0, which runs nothing, and a compiler that takes everything.
 */
#include <stdlib.h>
#include <string.h>

static int thing;

/* Functions that say that all went well. */
#define NOTHING(name) \
  int name(void) { return 0; }
NOTHING(cuCtxDestroy_v2)
NOTHING(cuCtxSetCurrent)
NOTHING(cuCtxSynchronize)
NOTHING(cuEventDestroy_v2)
NOTHING(cuEventQuery)
NOTHING(cuEventRecord)
NOTHING(cuEventSynchronize)
NOTHING(cuGraphDestroy)
NOTHING(cuGraphExecDestroy)
NOTHING(cuGraphExecUpdate_v2)
NOTHING(cuGraphInstantiateWithFlags)
NOTHING(cuGraphLaunch)
NOTHING(cuInit)
NOTHING(cuLaunchKernel)
NOTHING(cuMemHostRegister_v2)
NOTHING(cuMemHostUnregister)
NOTHING(cuMemcpyDtoD_v2)
NOTHING(cuMemcpyDtoHAsync_v2)
NOTHING(cuMemcpyHtoDAsync_v2)
NOTHING(cuMemsetD8_v2)
NOTHING(cuModuleUnload)
NOTHING(cuStreamBeginCapture_v2)
NOTHING(cuStreamDestroy_v2)
NOTHING(cuStreamEndCapture)
NOTHING(cuStreamIsCapturing)
NOTHING(cuStreamSynchronize)
NOTHING(cuStreamWaitEvent)
NOTHING(cuOccupancyMaxPotentialBlockSize)
NOTHING(nvrtcCompileProgram)
NOTHING(nvrtcDestroyProgram)
NOTHING(nvrtcGetCUBIN)
NOTHING(nvrtcGetPTX)
NOTHING(nvrtcGetProgramLog)
NOTHING(nvrtcGetSupportedArchs)

/* Functions that make something: their first argument is where it goes. */
#define SOMETHING(name) \
  int name(void **made) { *made = &thing; return 0; }
SOMETHING(cuCtxCreate_v2)
SOMETHING(cuCtxCreate_v4)
SOMETHING(cuEventCreate)
SOMETHING(cuModuleGetFunction)
SOMETHING(cuModuleLoadDataEx)
SOMETHING(cuStreamCreate)
SOMETHING(nvrtcCreateProgram)

int nvrtcVersion(int *major, int *minor) { *major = 13; *minor = 0; return 0; }
int nvrtcGetNumSupportedArchs(int *count) { *count = 0; return 0; }
int nvrtcGetCUBINSize(void *program, size_t *bytes) { *bytes = 1; return 0; }
int nvrtcGetPTXSize(void *program, size_t *bytes) { *bytes = 1; return 0; }
int nvrtcGetProgramLogSize(void *program, size_t *bytes) { *bytes = 0; return 0; }
const char *nvrtcGetErrorString(int error) { return "none"; }

int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGet(int *device, int number) { *device = number; return 0; }
int cuDeviceGetName(char *name, int size, int device) { strncpy(name, "none", size); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = (size_t) 8 << 30; return 0; }
int cuEventElapsedTime_v2(float *time, void *from, void *to) { *time = 0; return 0; }
int cuGetErrorName(int error, const char **name) { *name = "none"; return 0; }
int cuGetErrorString(int error, const char **text) { *text = "none"; return 0; }
int cuMemAlloc_v2(void **made, size_t bytes) { *made = malloc(bytes); return *made ? 0 : 2; }
int cuMemAllocHost_v2(void **made, size_t bytes) { return cuMemAlloc_v2(made, bytes); }
int cuMemFree_v2(void *made) { free(made); return 0; }
int cuMemFreeHost(void *made) { free(made); return 0; }

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  switch (attribute) {
    case 75: *value = 9; break;            /* compute capability */
    case 76: *value = 0; break;
    case 16: *value = 132; break;          /* multiprocessors */
    case 8: *value = 48 << 10; break;      /* shared memory of a block */
    default: *value = 1024; break;         /* the most threads, along each axis */
  }
  return 0;
}
