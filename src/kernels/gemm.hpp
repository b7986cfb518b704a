#pragma once
// Matrix products, row-major, over raw pointers. oneDNN for float, Eigen for double, for small
// products and for builds without oneDNN.

#include <agate/core/config.hpp>
#include <agate/core/memory.hpp>

namespace AGATE_NAMESPACE::kernels {

struct Matrix {
  const Real* data;
  Index leading;  // distance of rows
  bool transposed = false;
};

// c (m x n, rows `ldc` apart) = op(a) op(b) + (accumulate ? c : 0), op(a) being m x k and op(b)
// k x n, on fixed blocks of the rows of c: the result does not depend on the number of threads.
// With a bias, bias[j] more in each column j.
void gemm(int threads, Index m, Index n, Index k, Matrix a, Matrix b, bool accumulate, Real* c,
          Index ldc, const Real* bias = nullptr);

// As gemm, on the calling thread: for use inside parallel loops.
void serial_gemm(Index m, Index n, Index k, Matrix a, Matrix b, bool accumulate, Real* c,
                 Index ldc);

// c (m x n) = a^T b for a (k x m) and b (k x n) with k large: fixed chunks of k, whose partial
// products (in memory of the pool) are added in a fixed order, or where c has many rows fixed
// blocks of those. Overwrites c.
void gemm_tall(int threads, MemoryPool& pool, Index m, Index n, Index k, Matrix a, Matrix b,
               Real* c, Index ldc);

}  // namespace AGATE_NAMESPACE::kernels
