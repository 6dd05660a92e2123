#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x) = 0 on the box [low, high]^dim and +inf outside, with gradient 0; log Z = dim·ln(high −
/// low) at every T. For kernels that reject, where +inf is a rejection, and for those that clip to
/// the box; for all others a chain outside has diverged.
class UniformBox : public Energy {
 public:
  /// @throws Error(kUsage) unless dim >= 1 and low < high, both finite.
  UniformBox(std::int64_t dim, float low, float high);
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::int64_t dim_;
  float low_, high_;
};

}  // namespace ebm::samplers
