#pragma once

#include <cstdint>
#include <memory>

#include "samplers/energies/wrapped_energy.h"

namespace ebm::samplers {

/// E(x, none) + w·(E(x, y) − E(x, none)) of an energy that is conditional on a label y, the first
/// number of its context: w = 0 forgets the label, 1 is E(x, y), and above 1 makes it count more.
/// Whatever else is in the context, as a level of noise, is the same for both.
/// Source: Ho & Salimans 2022, "Classifier-free diffusion guidance", whose w is w − 1 here.
class GuidedEnergy : public WrappedEnergy {
 public:
  /// @param none    label that stands for no class
  /// @param weight  w, of any sign
  /// @throws Error(kUsage) if energy is null or has no context, or a number is not finite.
  GuidedEnergy(std::shared_ptr<const Energy> energy, float none, float weight);
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  float none_, weight_;
};

}  // namespace ebm::samplers
