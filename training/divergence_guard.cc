#include "training/divergence_guard.h"

#include <cmath>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::training {
namespace {

void require_positive(const char* name, double value) {
  if (!(value > 0.0)) {
    throw Error(ErrorCode::kUsage,
                std::string(name) + " = " + base::number_text(value) + ": must be positive");
  }
}

}  // namespace

void GuardOptions::validate() const {
  require_positive("guard_energy_gap", max_energy_gap);
  require_positive("guard_grad_norm", max_grad_norm);
  require_positive("guard_saturation", max_saturation);
  require_positive("guard_patience", static_cast<double>(patience));
}

DivergenceGuard::DivergenceGuard(const GuardOptions& options) : options_(options) {
  options_.validate();
}

std::optional<std::string> DivergenceGuard::observe(const Symptoms& symptoms) {
  if (!std::isfinite(symptoms.loss)) return "the loss is " + base::number_text(symptoms.loss);
  if (!std::isfinite(symptoms.grad_norm)) {
    return "the gradient norm is " + base::number_text(symptoms.grad_norm);
  }
  struct Bound {
    const char* name;
    double value;
    double limit;
  };
  const Bound bounds[] = {{"energy gap", std::abs(symptoms.energy_gap), options_.max_energy_gap},
                          {"gradient norm", symptoms.grad_norm, options_.max_grad_norm},
                          {"share of sample values at the wall of the box", symptoms.saturation,
                           options_.max_saturation}};
  std::optional<std::string> reason;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] = bounds[i].value > bounds[i].limit ? counts_[i] + 1 : 0;
    if (counts_[i] >= options_.patience && !reason) {
      reason = std::string("the ") + bounds[i].name + " was above " +
               base::number_text(bounds[i].limit) + " for " + std::to_string(counts_[i]) +
               " iterations, now " + base::number_text(bounds[i].value);
    }
  }
  return reason;
}

}  // namespace ebm::training
