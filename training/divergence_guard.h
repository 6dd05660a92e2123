#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace ebm::training {

struct GuardOptions {
  double max_energy_gap = 100.0;  ///< bound on |mean E(x⁺) − mean E(x⁻)|
  double max_grad_norm = 1000.0;  ///< bound on the gradient norm before clipping
  double max_saturation = 0.99;   ///< bound on the share of sample values at the wall of the box
  std::int64_t patience = 10;     ///< iterations in a row beyond a bound that mean divergence

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// What one iteration shows the guard.
struct Symptoms {
  double loss;
  double energy_gap;
  double grad_norm;
  double saturation;
};

/// Detects that a training run has diverged. A value that is not finite is divergence at once; a
/// bound has to be passed `patience` times in a row, as single outliers heal.
class DivergenceGuard {
 public:
  /// Iterations in a row beyond each bound: energy gap, gradient norm, saturation.
  using Counts = std::array<std::int64_t, 3>;

  /// @throws Error(kUsage) if the options are invalid.
  explicit DivergenceGuard(const GuardOptions& options);

  /// Why the run has diverged, as text, or nothing.
  std::optional<std::string> observe(const Symptoms& symptoms);

  const Counts& counts() const { return counts_; }
  void restore(const Counts& counts) { counts_ = counts; }

 private:
  GuardOptions options_;
  Counts counts_{};
};

}  // namespace ebm::training
