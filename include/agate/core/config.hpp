#pragma once
/// \file
/// The scalar type and the inline namespace of this build of the library.
///
/// agate is compiled twice: as `agate` with Real = float, and as `agate_f64` with Real = double
/// (AGATE_REAL_DOUBLE defined), in which every gradient is checked by finite differences. Each
/// build lives in its own inline namespace, so that mixing the two fails at link time.

#include <cstdint>

#if defined(AGATE_REAL_DOUBLE)
#define AGATE_NAMESPACE agate::inline f64
#else
#define AGATE_NAMESPACE agate::inline f32  ///< what the headers open
#endif

namespace AGATE_NAMESPACE {

#if defined(AGATE_REAL_DOUBLE)
using Real = double;
#else
using Real = float;  ///< the one scalar type of this build
#endif

using Index = std::int64_t;   ///< sizes, row offsets, edge ids
using NodeId = std::int32_t;  ///< a node of a graph, a column of a sparse matrix

}  // namespace AGATE_NAMESPACE
