#include "attention/score_parts.hpp"

namespace AGATE_NAMESPACE {

Attended attend_dense(const KernelScore& score, const Support& support, const Var& values,
                      const AttendOptions& options) {
  return attend_edges(score, support.to_graph(), values, options);
}

}  // namespace AGATE_NAMESPACE
