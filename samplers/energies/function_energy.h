#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "samplers/energy.h"

namespace ebm::samplers {

/// An energy from a function of one chain:
///   FunctionEnergy energy(2, [](std::span<const float> x, std::span<float> energy_grad) {
///     energy_grad[0] = x[0];
///     energy_grad[1] = 4.0f * x[1];
///     return 0.5f * x[0] * x[0] + 2.0f * x[1] * x[1];
///   });
/// The function gets x [dim], writes all of energy_grad [dim] and returns E(x). Several threads
/// call it at the same time, so it must not share scratch between calls. Simpler than an evaluator
/// in lanes, and about ten times slower.
class FunctionEnergy : public Energy {
 public:
  using Function = std::function<float(std::span<const float> x, std::span<float> energy_grad)>;

  /// @throws Error(kUsage) if dim is not positive or the function empty.
  FunctionEnergy(std::int64_t dim, Function function);
  std::int64_t dim() const override { return dim_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::int64_t dim_;
  Function function_;
};

}  // namespace ebm::samplers
