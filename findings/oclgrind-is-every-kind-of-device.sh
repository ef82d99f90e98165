#!/usr/bin/env bash
# Oclgrind, the simulator of an OpenCL device, says that its one device is a CPU, a GPU and an accelerator at once.
#
# Expected: CL_DEVICE_TYPE of a device names one kind. Other drivers (PoCL, NVIDIA's, AMD's and Intel's) do so, and
#   programs compare it with CL_DEVICE_TYPE_GPU or put it through a switch to choose kernels.
# What happens: the bits of CPU, GPU, ACCELERATOR and DEFAULT are all set, which OpenCL allows, as the type is a bit
#   field. A program that compares instead of testing bits finds no kind that it knows; one that asks for CPUs and then
#   for GPUs finds the same device twice.
# Versions: oclgrind 21.10-3, clinfo 3.0.23.01.25-1 (Debian 12).
# Source: clGetDeviceInfo in Oclgrind's runtime; OpenCL 3.0, 4.2 "Querying Devices".
# Seen: CL_DEVICE_TYPE_ACCELERATOR | CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_CPU | CL_DEVICE_TYPE_DEFAULT
# What helps: test the bits, GPU first, or let the user say which kernels to take.
set -euo pipefail

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
cd "$temporary"
if [ "$(dpkg-query -W -f '${Version}' oclgrind 2>/dev/null)" != 21.10-3 ] || ! command -v clinfo >/dev/null; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install oclgrind=21.10-3 clinfo >/dev/null
fi

oclgrind clinfo --raw >raw 2>/dev/null
devices=$(grep -c ' CL_DEVICE_NAME ' raw)
type=$(sed -n 's/.* CL_DEVICE_TYPE  *//p' raw)
echo "devices: $devices"
echo "type:    $type"
[ "$devices" = 1 ] &&
  [ "$type" = "CL_DEVICE_TYPE_ACCELERATOR | CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_CPU | CL_DEVICE_TYPE_DEFAULT" ]
