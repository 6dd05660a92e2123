#pragma once

#include <cstdint>
#include <optional>

#include "samplers/energies/linear_observation.h"

namespace ebm::samplers {

/// E(x; c) = |x − c|²/(2s²): a LinearObservation of the state itself, c = x + s·ξ with ξ ~ N(0, I).
/// By itself it is the Gaussian around c, log Z = dim·ln(s·√(2π)) at T = 1 for any c.
class Observation : public LinearObservation {
 public:
  /// @param sd  s
  /// @throws Error(kUsage) if dim or sd is not positive or 1/sd² is not finite in float32
  Observation(std::int64_t dim, float sd);
  std::optional<double> log_z() const override;

 private:
  float sd_;
};

}  // namespace ebm::samplers
