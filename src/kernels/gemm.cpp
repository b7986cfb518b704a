#include "kernels/gemm.hpp"

#include <Eigen/Core>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>

#include "kernels/column_passes.hpp"
#include "kernels/elementary.hpp"

#if defined(AGATE_ONEDNN) && !defined(AGATE_REAL_DOUBLE)
#define AGATE_USE_ONEDNN
#include <dnnl.h>
#include <omp.h>
#endif

namespace AGATE_NAMESPACE::kernels {
namespace {

using RowMajor = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>;

void eigen_gemm(Index m, Index n, Index k, Matrix a, Matrix b, bool accumulate, Real* c,
                Index ldc) {
  Eigen::Map<RowMajor, 0, Eigen::OuterStride<>> out(c, m, n, Eigen::OuterStride<>(ldc));
  const View left(a.data, a.transposed ? k : m, a.transposed ? m : k,
                  Eigen::OuterStride<>(a.leading));
  const View right(b.data, b.transposed ? n : k, b.transposed ? k : n,
                   Eigen::OuterStride<>(b.leading));
  if (!accumulate) out.setZero();
  if (a.transposed && b.transposed)
    out.noalias() += left.transpose() * right.transpose();
  else if (a.transposed)
    out.noalias() += left.transpose() * right;
  else if (b.transposed)
    out.noalias() += left * right.transpose();
  else
    out.noalias() += left * right;
}

#if defined(AGATE_USE_ONEDNN)
// oneDNN would start its own threads beside ours: one thread while it runs, then as before.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_;
};
#endif

}  // namespace

void serial_gemm(Index m, Index n, Index k, Matrix a, Matrix b, bool accumulate, Real* c,
                 Index ldc) {
  if (m == 0 || n == 0) return;
#if defined(AGATE_USE_ONEDNN)
  if (m * n * k > 8192) {
    const OneThread one;
    const auto status =
        dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, 1, a.data,
                   a.leading, b.data, b.leading, accumulate ? 1 : 0, c, ldc);
    check(status == dnnl_success, ErrorCode::limit, "gemm: oneDNN reports status ", int(status));
    return;
  }
#endif
  eigen_gemm(m, n, k, a, b, accumulate, c, ldc);
}

void gemm(int threads, Index m, Index n, Index k, Matrix a, Matrix b, bool accumulate, Real* c,
          Index ldc, const Real* bias) {
  const Index work_per_row = std::max<Index>(1, n * k);
  // Enough rows that a block is worth a thread, in multiples that suit the inner kernels.
  const Index block = std::clamp<Index>((1 << 20) / work_per_row / 16 * 16, 64, 1 << 16);
  parallel_for(threads, m, block, [&](Index begin, Index end) {
    const Real* rows = a.data + (a.transposed ? begin : begin * a.leading);
    serial_gemm(end - begin, n, k, {rows, a.leading, a.transposed}, b, accumulate, c + begin * ldc,
                ldc);
    // While the block is in the cache.
    if (bias) add_row({end - begin, n, ldc}, c + begin * ldc, bias, c + begin * ldc);
  });
}

void gemm_tall(int threads, MemoryPool& pool, Index m, Index n, Index k, Matrix a, Matrix b,
               Real* c, Index ldc) {
  const Index chunk = std::max<Index>(256, (k + 15) / 16);
  const Index chunks = chunk_count(k, chunk);
  a.transposed = true;
  // Of many rows of c, k being no longer than stays in a cache, threads share those: nothing is
  // left to be added.
  if (chunks <= 1 || (m >= 256 && k <= 4096)) return gemm(threads, m, n, k, a, b, false, c, ldc);
  const auto block = pool.allocate(sizeof(Real) * static_cast<std::size_t>(chunks * m * n));
  Real* partial = reinterpret_cast<Real*>(block.get());
  parallel_for(threads, k, chunk, [&](Index begin, Index end) {
    serial_gemm(m, n, end - begin, {a.data + begin * a.leading, a.leading, true},
                {b.data + begin * b.leading, b.leading}, false, partial + begin / chunk * m * n, n);
  });
  // Of rows without gaps, all are one run.
  const Index runs = ldc == n ? 1 : m, length = ldc == n ? m * n : n;
  parallel_for(threads, length, 1 << 13, [&](Index at, Index end) {
    for (Index i = 0; i < runs; ++i) {
      Real* to = c + i * ldc + at;
      const Real* from = partial + i * n + at;
      add(end - at, from, from + m * n, to);
      for (Index p = 2; p < chunks; ++p) add(end - at, to, from + p * m * n, to);
    }
  });
}

}  // namespace AGATE_NAMESPACE::kernels
