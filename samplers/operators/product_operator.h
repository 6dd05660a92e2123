#pragma once

#include <cstdint>
#include <memory>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// A x = second(first(x)): two operators one after the other.
class ProductOperator : public LinearOperator {
 public:
  /// @throws Error(kUsage) if one is null, Error(kShape) if the second does not take what the first
  ///         gives.
  ProductOperator(std::shared_ptr<const LinearOperator> first,
                  std::shared_ptr<const LinearOperator> second);
  std::int64_t dim() const override { return first_->dim(); }
  std::int64_t output_dim() const override { return second_->output_dim(); }
  std::int64_t scratch_size() const override;
  void apply(const float* x, float* y, float* scratch) const override;
  void adjoint(const float* r, float* g, float* scratch) const override;

 private:
  std::shared_ptr<const LinearOperator> first_, second_;
};

}  // namespace ebm::samplers
