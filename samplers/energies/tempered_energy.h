#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energies/wrapped_energy.h"

namespace ebm::samplers {

/// E(x)/T, so that a kernel that targets exp(−E) samples from exp(−E/T). Differs from a
/// kernel's own temperature in that the step is not scaled with it.
class TemperedEnergy : public WrappedEnergy {
 public:
  /// @throws Error(kUsage) if energy is null or temperature not positive.
  TemperedEnergy(std::shared_ptr<const Energy> energy, float temperature);
  /// Known if T is 1 and that of the energy is known.
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  float temperature_;
};

}  // namespace ebm::samplers
