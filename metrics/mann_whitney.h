#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace ebm::metrics {

/// Two samples of numbers compared pair by pair.
struct MannWhitney {
  std::int64_t n_a = 0;
  std::int64_t n_b = 0;
  /// 2·U = #{a > b}·2 + #{a = b} over all pairs; whole, as ties count one half in U.
  std::int64_t twice_u = 0;
  /// Σ (t³ − t) over groups of t equal numbers of both samples together.
  double tie_term = 0.0;

  /// U / (n_a·n_b) = P(a > b) + P(a = b)/2.
  double probability() const;

  /// (U − n_a·n_b/2) / sd(U) of two samples of one distribution, with
  ///   sd(U)² = n_a·n_b/12·(n + 1 − tie_term/(n·(n − 1))),  n = n_a + n_b;
  /// standard normal for large samples. NaN if all numbers are equal.
  double z_score() const;
};

/// Numbers to compare, with their name in messages.
struct NamedNumbers {
  std::string name;
  std::span<const double> values;
};

/// Infinities have their place in the order.
/// @throws Error(kShape) naming a sample that is empty; Error(kBadData) naming the first NaN.
/// Source: Mann & Whitney 1947; Lehmann 1975, section 1.2 for ties.
MannWhitney mann_whitney(const NamedNumbers& a, const NamedNumbers& b);

}  // namespace ebm::metrics
