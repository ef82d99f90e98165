/*
 * Stands between TornadoVM and Oclgrind, and mends what keeps them apart:
 * Oclgrind's device is of all types at once, and TornadoVM wants a GPU;
 * of a buffer that is written in pieces, as TornadoVM does, Oclgrind takes only the last piece for written.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { DEVICE_TYPE = 0x1000, GPU = 4, MEM_SIZE = 0x1102 };

static void *oclgrind(const char *name) {
  return dlsym(RTLD_NEXT, name);
}

int clGetDeviceInfo(void *device, unsigned name, size_t size, void *value, size_t *needed) {
  int (*get)(void *, unsigned, size_t, void *, size_t *) = oclgrind("clGetDeviceInfo");
  int status = get(device, name, size, value, needed);
  if (name == DEVICE_TYPE && value && status == 0) {
    unsigned long type = GPU;
    memcpy(value, &type, sizeof type);
  }
  return status;
}

int clEnqueueWriteBuffer(void *queue, void *buffer, unsigned blocking, size_t offset, size_t size, const void *data,
                         unsigned waits, const void *wait_list, void *event) {
  int (*info)(void *, unsigned, size_t, void *, size_t *) = oclgrind("clGetMemObjectInfo");
  int (*read)(void *, void *, unsigned, size_t, size_t, void *, unsigned, const void *, void *) =
      oclgrind("clEnqueueReadBuffer");
  int (*write)(void *, void *, unsigned, size_t, size_t, const void *, unsigned, const void *, void *) =
      oclgrind("clEnqueueWriteBuffer");
  size_t all = 0;
  char *whole = NULL;
  if (info(buffer, MEM_SIZE, sizeof all, &all, NULL) == 0 && offset + size <= all && (whole = malloc(all)) != NULL
      && read(queue, buffer, 1, 0, all, whole, waits, wait_list, NULL) == 0) {
    memcpy(whole + offset, data, size);
    int status = write(queue, buffer, 1, 0, all, whole, 0, NULL, event);
    free(whole);
    return status;
  }
  free(whole);
  return write(queue, buffer, blocking, offset, size, data, waits, wait_list, event);
}
