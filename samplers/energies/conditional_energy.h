#pragma once

#include <vector>

#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// E(x; c) with one context c for all chains: an energy without a context, e.g. a class-conditional
/// network at one class. Chains with a context each are set by ChainStore::load_context instead.
class ConditionalEnergy : public Energy, public NamedParameters {
 public:
  /// @param context  c, [context_dim of energy]
  /// @throws Error(kUsage) if energy is null, has no context or a value of c is not finite;
  ///         Error(kShape) if c has another size.
  ConditionalEnergy(std::shared_ptr<const Energy> energy, std::vector<float> context);
  std::int64_t dim() const override { return energy_->dim(); }
  std::int64_t preferred_blocks() const override { return energy_->preferred_blocks(); }
  /// Of the energy, which states one only if it is the same for every context.
  std::optional<double> log_z() const override { return energy_->log_z(); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// Those of the energy.
  Parameters parameters() const override { return parameters_of(*energy_); }

 private:
  std::shared_ptr<const Energy> energy_;
  std::vector<float> context_;
};

}  // namespace ebm::samplers
