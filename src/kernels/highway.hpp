#pragma once
// Whether this build has the SIMD kernels, and for which instruction sets they are compiled.

#if defined(AGATE_HIGHWAY) && !defined(AGATE_REAL_DOUBLE)
#define AGATE_USE_HIGHWAY
// AVX-512, AVX2, SSE4; the sets between them bring nothing to these loops. On older CPUs Highway
// falls back to HWY_SCALAR, which here means kernels::scalar.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
// kernels::vectorized::name where there are SIMD kernels and a test has not turned them off,
// kernels::scalar::name otherwise.
#define AGATE_KERNEL(name) (simd() ? vectorized::name : scalar::name)
#else
#define AGATE_KERNEL(name) scalar::name
#endif
