#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energies/wrapped_energy.h"

namespace ebm::samplers {

/// How much a label counts, and in which part of a flow.
struct Guidance {
  double weight = 1.0;  ///< w
  /// The times of a flow in [start, end) at which w counts; 1 does at others. Source: Kynkäänniemi
  /// et al. 2024, "Applying guidance in a limited interval".
  double start = 0.0;
  std::optional<double> end = std::nullopt;  ///< nothing: none

  bool is_timed() const { return start > 0.0 || end; }
  /// @throws Error(kUsage) naming guidance, guidance_start or guidance_end
  void validate() const;
};

/// E(x, none) + w·(E(x, y) − E(x, none)) of an energy that is conditional on a label y, the first
/// number of its context: w = 0 forgets the label, 1 is E(x, y), and above 1 makes it count more.
/// Whatever else is in the context, as a level of noise, is the same for both. If the guidance is
/// timed, the context has one number more, at its end: the time t (GradientFlowOptions::sets_time),
/// at which w counts or not.
/// Source: Ho & Salimans 2022, "Classifier-free diffusion guidance", whose w is w − 1 here.
class GuidedEnergy : public WrappedEnergy {
 public:
  /// @param none  label that stands for no class
  /// @throws Error(kUsage) if energy is null or has no context, if a label is not finite, and what
  ///         validate() throws
  GuidedEnergy(std::shared_ptr<const Energy> energy, float none, const Guidance& guidance);
  std::int64_t context_dim() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  float none_;
  Guidance guidance_;
};

}  // namespace ebm::samplers
