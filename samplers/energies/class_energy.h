#pragma once

#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// E(x; (y, c)) at one label y, the first number of the energy's context, for chains whose context
/// is the rest, c: a network with classes and a noise level at one class.
class ClassEnergy : public Energy, public NamedParameters {
 public:
  /// @throws Error(kUsage) if energy is null or has no number in its context beside a label, or if
  ///         the label is not finite.
  ClassEnergy(std::shared_ptr<const Energy> energy, float label);
  std::int64_t dim() const override { return energy_->dim(); }
  std::int64_t context_dim() const override { return energy_->context_dim() - 1; }
  std::int64_t preferred_blocks() const override { return energy_->preferred_blocks(); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// Those of the energy.
  Parameters parameters() const override { return parameters_of(*energy_); }

 private:
  std::shared_ptr<const Energy> energy_;
  float label_;
};

}  // namespace ebm::samplers
