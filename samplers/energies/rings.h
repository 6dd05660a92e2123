#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// Concentric rings in the plane, all of equal mass: points of circles of radius R_k, uniform in
/// angle, plus N(0, s²·I). With r = |x| and the modified Bessel function I₀,
///   E(x) = −ln mean_k [exp(−(r² + R_k²)/(2s²))·I₀(r·R_k/s²)/(2πs²)]
/// is normalised: log Z = 0 at T = 1. The default is the density that the toy data set `rings` is
/// drawn from. The rotation makes the ring smooth: at the origin the gradient is 0.
class Rings : public Energy {
 public:
  /// @param radii  R, at least one
  /// @param sd     s, that of the noise in each direction
  /// @throws Error(kUsage) if there is no radius, or one or sd is not positive.
  explicit Rings(std::vector<float> radii = {0.5f, 1.0f, 1.5f, 2.0f}, float sd = 0.05f);
  std::int64_t dim() const override { return 2; }
  std::optional<double> log_z() const override { return 0.0; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  const std::vector<float>& radii() const { return radii_; }
  float sd() const { return sd_; }

 private:
  std::vector<float> radii_;
  float sd_;
};

}  // namespace ebm::samplers
