// OpenCL C's words for clang's NVPTX target, which has none of its own; mathematics from CUDA's libdevice.
typedef unsigned char uchar;
typedef unsigned int uint;
typedef unsigned long ulong;
#define BUILT_IN __attribute__((overloadable, always_inline)) static
#define CLK_LOCAL_MEM_FENCE 1
#define CLK_GLOBAL_MEM_FENCE 2
#define barrier(fence) __nvvm_bar_sync(0)
#define AXIS(name, register) \
  BUILT_IN int name(uint d) { \
    return d == 0 ? __nvvm_read_ptx_sreg_##register##_x() \
        : d == 1 ? __nvvm_read_ptx_sreg_##register##_y() \
        : __nvvm_read_ptx_sreg_##register##_z(); \
  }
AXIS(get_local_id, tid)
AXIS(get_group_id, ctaid)
AXIS(get_local_size, ntid)
AXIS(get_num_groups, nctaid)
BUILT_IN int get_global_id(uint d) { return get_group_id(d) * get_local_size(d) + get_local_id(d); }
BUILT_IN int get_global_size(uint d) { return get_num_groups(d) * get_local_size(d); }
#define ONE(name) float __nv_##name##f(float); BUILT_IN float name(float a) { return __nv_##name##f(a); }
#define TWO(name) float __nv_##name##f(float, float); BUILT_IN float name(float a, float b) { return __nv_##name##f(a, b); }
ONE(exp) ONE(log) ONE(sqrt) ONE(rsqrt) ONE(fabs) ONE(floor) ONE(tanh) ONE(sin) ONE(cos)
TWO(atan2) TWO(pow) TWO(fmax) TWO(fmin)
BUILT_IN float native_sqrt(float a) { return __nvvm_sqrt_approx_f(a); }
BUILT_IN float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
BUILT_IN int max(int a, int b) { return a > b ? a : b; }
BUILT_IN int min(int a, int b) { return a < b ? a : b; }
BUILT_IN float max(float a, float b) { return fmax(a, b); }
BUILT_IN float min(float a, float b) { return fmin(a, b); }
BUILT_IN int isless(float a, float b) { return a < b; }
BUILT_IN int isequal(float a, float b) { return a == b; }
