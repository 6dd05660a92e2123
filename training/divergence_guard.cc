#include "training/divergence_guard.h"

#include <algorithm>
#include <cmath>
#include <utility>

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

/// Of the mean gap of a class. Without noise in the weights it is the mean of twice as many rows,
/// some 90 iterations of 64 items of ten classes.
constexpr double kMemory = 250.0;
/// Energies of the first iterations are far apart in every run.
constexpr double kEnough = 0.9 * kMemory;

std::string passed_text(const std::string& what_and_bound, std::int64_t count, double value) {
  return "the " + what_and_bound + " for " + std::to_string(count) + " iterations, now " +
         base::number_text(value);
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

void DivergenceGuard::watch_classes(double max_gap, std::vector<std::string> names) {
  require_positive("bound on the energy gap of a class", max_gap);
  max_class_gap_ = max_gap;
  class_names_ = std::move(names);
}

void DivergenceGuard::restore(const Counts& counts, std::vector<ClassState> classes) {
  counts_ = counts;
  classes_ = std::move(classes);
}

std::optional<std::string> DivergenceGuard::observe_classes(std::span<const ClassGap> gaps) {
  if (class_names_.empty()) return std::nullopt;
  classes_.resize(class_names_.size());
  std::optional<std::string> reason;
  double worst = 0.0;
  for (std::size_t label = 0; label < std::min(gaps.size(), classes_.size()); ++label) {
    ClassState& state = classes_[label];
    const ClassGap& now = gaps[label];
    const double kept = std::max(0.0, 1.0 - now.weight / kMemory);
    state.sum = kept * state.sum + now.weight * now.gap;
    state.weight = kept * state.weight + now.weight;
    const double mean = state.weight >= kEnough ? state.sum / state.weight : 0.0;
    state.count = std::abs(mean) > max_class_gap_ ? state.count + 1 : 0;
    if (state.count >= options_.patience && std::abs(mean) > worst) {
      worst = std::abs(mean);
      reason = passed_text("mean energy gap of class " + class_names_[label] + " was beyond +-" +
                               base::number_text(max_class_gap_),
                           state.count, mean);
    }
  }
  return reason;
}

std::optional<std::string> DivergenceGuard::observe(const Symptoms& symptoms) {
  if (!std::isfinite(symptoms.loss)) return "the loss is " + base::number_text(symptoms.loss);
  if (!std::isfinite(symptoms.grad_norm)) {
    return "the gradient norm is " + base::number_text(symptoms.grad_norm);
  }
  if (!std::isfinite(symptoms.energy_gap)) {
    return "the energy gap is " + base::number_text(symptoms.energy_gap);
  }
  for (const float energy : symptoms.energies) {
    if (!std::isfinite(energy)) return "an energy is " + base::number_text(energy);
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
      reason = passed_text(
          std::string(bounds[i].name) + " was above " + base::number_text(bounds[i].limit),
          counts_[i], bounds[i].value);
    }
  }
  auto reason_of_class = observe_classes(symptoms.classes);
  return reason ? reason : reason_of_class;
}

}  // namespace ebm::training
