#pragma once

#include <cstdint>
#include <memory>

#include "samplers/energies/wrapped_energy.h"

namespace ebm::samplers {

/// E(x; (y, c)) at one label y, the first number of the energy's context, for chains whose context
/// is the rest, c: a network with classes and a noise level at one class.
class ClassEnergy : public WrappedEnergy {
 public:
  /// @throws Error(kUsage) if energy is null or has no number in its context beside a label, or if
  ///         the label is not finite.
  ClassEnergy(std::shared_ptr<const Energy> energy, float label);
  std::int64_t context_dim() const override { return inner().context_dim() - 1; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  float label_;
};

}  // namespace ebm::samplers
