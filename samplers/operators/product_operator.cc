#include "samplers/operators/product_operator.h"

#include <algorithm>
#include <utility>

#include "base/require.h"
#include "samplers/chain_block.h"

namespace ebm::samplers {

ProductOperator::ProductOperator(std::shared_ptr<const LinearOperator> first,
                                 std::shared_ptr<const LinearOperator> second)
    : first_(std::move(first)), second_(std::move(second)) {
  base::require_given("first", first_.get());
  base::require_given("second", second_.get());
  require_size(static_cast<std::size_t>(second_->dim()), first_->output_dim(),
               "the second operator of a product");
}

std::int64_t ProductOperator::scratch_size() const {
  return first_->output_dim() * kLanes + std::max(first_->scratch_size(), second_->scratch_size());
}

void ProductOperator::apply(const float* x, float* y, float* scratch) const {
  float* rest = scratch + first_->output_dim() * kLanes;
  first_->apply(x, scratch, rest);
  second_->apply(scratch, y, rest);
}

void ProductOperator::adjoint(const float* r, float* g, float* scratch) const {
  float* rest = scratch + first_->output_dim() * kLanes;
  second_->adjoint(r, scratch, rest);
  first_->adjoint(scratch, g, rest);
}

}  // namespace ebm::samplers
