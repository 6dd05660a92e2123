#include "samplers/operators/linear_operator.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/aligned_vector.h"
#include "base/parallel.h"
#include "samplers/chain_block.h"

namespace ebm::samplers {
namespace {

/// One block of states, what is observed of it, and the operator's own scratch.
struct Block {
  explicit Block(const LinearOperator& a)
      : x(static_cast<std::size_t>(a.dim() * kLanes)),
        y(static_cast<std::size_t>(a.output_dim() * kLanes)),
        scratch(static_cast<std::size_t>(a.scratch_size())) {}

  base::AlignedVector<float> x, y, scratch;
};

}  // namespace

std::vector<float> apply_to_rows(const LinearOperator& a, std::span<const float> rows,
                                 int n_threads) {
  const std::int64_t dim = a.dim(), m = a.output_dim();
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / dim;
  require_size(rows.size(), n * dim, "the states of a linear operator");
  std::vector<float> observed(static_cast<std::size_t>(n * m));
  base::parallel_for((n + kLanes - 1) / kLanes, n_threads,
                     [&] { return std::make_unique<Block>(a); },
                     [&](std::int64_t index, Block& block) {
                       const std::int64_t first = index * kLanes,
                                          n_here = std::min<std::int64_t>(kLanes, n - first);
                       for (std::int64_t lane = 0; lane < n_here; ++lane) {
                         const float* row = rows.data() + (first + lane) * dim;
                         for (std::int64_t d = 0; d < dim; ++d) {
                           block.x[static_cast<std::size_t>(d * kLanes + lane)] = row[d];
                         }
                       }
                       a.apply(block.x.data(), block.y.data(), block.scratch.data());
                       for (std::int64_t lane = 0; lane < n_here; ++lane) {
                         float* row = observed.data() + (first + lane) * m;
                         for (std::int64_t i = 0; i < m; ++i) {
                           row[i] = block.y[static_cast<std::size_t>(i * kLanes + lane)];
                         }
                       }
                     });
  return observed;
}

double squared_norm(const LinearOperator& a) {
  constexpr int kIterations = 50;
  Block block(a);
  // Every lane does the same; a start without symmetry that no operator maps to zero by design.
  for (std::size_t i = 0; i < block.x.size(); ++i) {
    block.x[i] = 1.0f + 0.1f * std::sin(static_cast<float>(1 + i / kLanes));
  }
  double norm = 0.0;
  for (int i = 0; i < kIterations; ++i) {
    double squares = 0.0;
    for (std::size_t d = 0; d < block.x.size(); d += kLanes) {
      squares += double{block.x[d]} * block.x[d];
    }
    if (squares == 0.0) return 0.0;
    const auto factor = static_cast<float>(1.0 / std::sqrt(squares));
    for (float& value : block.x) value *= factor;
    a.apply(block.x.data(), block.y.data(), block.scratch.data());
    norm = 0.0;
    for (std::size_t d = 0; d < block.y.size(); d += kLanes) {
      norm += double{block.y[d]} * block.y[d];
    }
    a.adjoint(block.y.data(), block.x.data(), block.scratch.data());
  }
  return norm;
}

}  // namespace ebm::samplers
