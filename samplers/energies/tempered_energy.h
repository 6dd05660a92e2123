#pragma once

#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// E(x)/T, so that a kernel that targets exp(−E) samples from exp(−E/T). Differs from a
/// kernel's own temperature in that the step is not scaled with it.
class TemperedEnergy : public Energy, public NamedParameters {
 public:
  /// @throws Error(kUsage) if energy is null or temperature not positive.
  TemperedEnergy(std::shared_ptr<const Energy> energy, float temperature);
  std::int64_t dim() const override { return energy_->dim(); }
  std::int64_t context_dim() const override { return energy_->context_dim(); }
  std::int64_t preferred_blocks() const override { return energy_->preferred_blocks(); }
  /// Known if T is 1 and that of the energy is known.
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// Those of the energy.
  Parameters parameters() const override { return parameters_of(*energy_); }

 private:
  std::shared_ptr<const Energy> energy_;
  float temperature_;
};

}  // namespace ebm::samplers
