#include "samplers/energies/function_energy.h"

#include <utility>
#include <vector>

#include "base/error.h"
#include "base/require.h"
#include "samplers/block_evaluator.h"

namespace ebm::samplers {

FunctionEnergy::FunctionEnergy(std::int64_t dim, Function function)
    : dim_(dim), function_(std::move(function)) {
  base::require_at_least("dim", dim, 1);
  if (!function_) throw Error(ErrorCode::kUsage, "function is empty: must be callable");
}

std::unique_ptr<Evaluator> FunctionEnergy::make_evaluator(std::int64_t) const {
  const auto size = static_cast<std::size_t>(dim_);
  return make_block_evaluator(
      dim_, [this, row = std::vector<float>(size), row_grad = std::vector<float>(size)](
                const float* x, float* energy, float* grad) mutable {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
          for (std::size_t d = 0; d < row.size(); ++d) row[d] = x[d * kLanes + lane];
          energy[lane] = function_(row, row_grad);
          for (std::size_t d = 0; d < row.size(); ++d) grad[d * kLanes + lane] = row_grad[d];
        }
      });
}

}  // namespace ebm::samplers
