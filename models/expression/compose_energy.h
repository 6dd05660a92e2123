#pragma once

#include <memory>
#include <vector>

#include "models/expression/expression.h"
#include "samplers/energy.h"

namespace ebm::models {

/// An energy times a number.
struct ScaledEnergy {
  std::shared_ptr<const samplers::Energy> energy;
  double factor = 1.0;
};

/// The energy of an expression from those of its models and toys: sums, and mixtures −T ln Σ_i
/// w_i·exp(−E_i/T).
/// @param leaves       of each model and toy in the order of the text, times T/T_i
/// @param temperature  T
std::shared_ptr<const samplers::Energy> compose_energy(const Expression& expression,
                                                       const std::vector<ScaledEnergy>& leaves,
                                                       double temperature);

}  // namespace ebm::models
