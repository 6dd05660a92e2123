#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// One of the energies that another is made of.
struct EnergyTerm {
  std::shared_ptr<const Energy> energy;
  float weight = 1.0f;
};

/// Checks terms that are evaluated at the same states. Those that are conditional all get the same
/// context.
/// @return the context_dim of those that have one; 0 if none has
/// @throws Error(kUsage) if there is no term, an energy is null or a weight not finite;
///         Error(kShape) if the terms differ in dim, or those with a context in context_dim.
std::int64_t require_terms(const std::vector<EnergyTerm>& terms);

/// The most that a term prefers, at least 1.
std::int64_t preferred_blocks(const std::vector<EnergyTerm>& terms);

/// Evaluators of the terms, one after the other at the same states.
class TermEvaluators {
 public:
  TermEvaluators(const std::vector<EnergyTerm>& terms, std::int64_t max_blocks);
  std::size_t size() const { return evaluators_.size(); }
  /// Calls the evaluator of a term, with the context if the term has one.
  void evaluate(std::size_t term, const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad);

 private:
  const std::vector<EnergyTerm>& terms_;
  std::vector<std::unique_ptr<Evaluator>> evaluators_;
};

}  // namespace ebm::samplers
