#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ebm::training {

struct GuardOptions {
  double max_energy_gap = 100.0;  ///< bound on |mean E(x⁺) − mean E(x⁻)|
  double max_grad_norm = 1000.0;  ///< bound on the gradient norm before clipping
  double max_saturation = 0.99;   ///< bound on the share of sample values at the wall of the box
  std::int64_t patience = 10;     ///< iterations in a row beyond a bound that mean divergence

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// The energy gap of one class in a batch.
struct ClassGap {
  double gap = 0.0;  ///< mean E(x⁺) − mean E(x⁻) of its rows
  /// n⁺·n⁻/(n⁺ + n⁻) of its rows, in inverse proportion to the variance of the gap; 0 if either has
  /// none.
  double weight = 0.0;
};

/// What one iteration shows the guard.
struct Symptoms {
  double loss;
  double energy_gap;
  double grad_norm;
  double saturation;
  std::span<const float> energies = {};    ///< of data and samples, as they are shown
  std::span<const ClassGap> classes = {};  ///< by label; empty unless they are watched
};

/// Detects that a training run has diverged. A value that is not finite is divergence at once; a
/// bound has to be passed `patience` times in a row, as single outliers heal. A batch has a few
/// rows of each class, so that a class is watched by a mean over some hundred of its rows:
///   gap_t = Σ w g/Σ w,  where each batch multiplies both sums by 1 − w_t/250 and adds its own.
class DivergenceGuard {
 public:
  /// Iterations in a row beyond each bound: energy gap, gradient norm, saturation.
  using Counts = std::array<std::int64_t, 3>;
  /// The mean gap of one class, and iterations in a row beyond its bound.
  struct ClassState {
    double sum = 0.0;     ///< Σ w g
    double weight = 0.0;  ///< Σ w
    std::int64_t count = 0;

    bool operator==(const ClassState&) const = default;
  };

  /// @throws Error(kUsage) if the options are invalid.
  explicit DivergenceGuard(const GuardOptions& options);
  /// Watches the gap of each class, too, from when 9 tenths of the weight of its mean are there.
  /// @param max_gap  bound on |mean gap| of a class
  /// @param names    of the classes, by label
  /// @throws Error(kUsage) unless the bound is positive.
  void watch_classes(double max_gap, std::vector<std::string> names);

  /// Why the run has diverged, as text, or nothing.
  std::optional<std::string> observe(const Symptoms& symptoms);

  const Counts& counts() const { return counts_; }
  /// Of classes that are watched.
  std::size_t n_classes() const { return class_names_.size(); }
  /// By label; empty before the first iteration and unless they are watched.
  const std::vector<ClassState>& classes() const { return classes_; }
  void restore(const Counts& counts, std::vector<ClassState> classes = {});

 private:
  /// Of the classes that were beyond the bound long enough the one furthest from 0, as text.
  std::optional<std::string> observe_classes(std::span<const ClassGap> gaps);

  GuardOptions options_;
  Counts counts_{};
  double max_class_gap_ = 0.0;
  std::vector<std::string> class_names_;
  std::vector<ClassState> classes_;
};

}  // namespace ebm::training
