#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// The posterior of the eight schools, non-centred: x = (μ, ℓ, z₁, ..., z₈) with the effect of
/// school j μ + e^ℓ·z_j, and priors μ ~ N(0, 10²), ℓ ~ N(5, 1), z_j ~ N(0, 1):
///   E(x) = μ²/200 + ½(ℓ − 5)² + ½ Σ z_j² + ½ Σ ((μ + e^ℓ·z_j − y_j)/σ_j)².
/// The priors are those of Inference Gym, whose program states the centred form of the same model;
/// there E[μ] = 5.7598 ± 0.0179. posteriordb and Stan have other priors, μ ~ N(0, 5²) and a
/// half-Cauchy scale, and other moments (E[μ] = 4.41). Log Z is of this E, without the constants of
/// the densities.
/// Source: Rubin 1981; Inference Gym, EightSchools.
class EightSchools : public Energy, public NamedParameters {
 public:
  static constexpr int kSchools = 8;
  static constexpr float kEffects[kSchools] = {28, 8, -3, 7, -1, 1, 18, 12};  ///< y
  static constexpr float kSds[kSchools] = {15, 10, 16, 11, 9, 11, 10, 18};    ///< σ

  std::int64_t dim() const override { return 2 + kSchools; }
  /// z and μ are integrated in closed form, ℓ by quadrature.
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// mu = μ, tau = e^ℓ and theta[j] = μ + e^ℓ·z_j, the effect of school j = 1, ..., 8.
  Parameters parameters() const override;
};

}  // namespace ebm::samplers
