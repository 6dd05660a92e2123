#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x) = height·Σ_d (x_d² − 1)²: two wells per coordinate, at ±1, with a barrier of `height`.
/// With height 2 and T = 1: log Z = 0.3442382 per coordinate, E[x²] = 0.8521362.
class DoubleWell : public Energy {
 public:
  /// @throws Error(kUsage) if dim or height is not positive.
  explicit DoubleWell(std::int64_t dim, float height = 2.0f);
  std::int64_t dim() const override { return dim_; }
  /// By quadrature of one coordinate, to 1e-12.
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  float height() const { return height_; }

 private:
  std::int64_t dim_;
  float height_;
};

}  // namespace ebm::samplers
