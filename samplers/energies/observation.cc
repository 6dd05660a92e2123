#include "samplers/energies/observation.h"

#include <cmath>
#include <numbers>

#include "samplers/operators/identity.h"

namespace ebm::samplers {

Observation::Observation(std::int64_t dim, float sd)
    : LinearObservation(identity_operator(dim), sd), sd_(sd) {}

std::optional<double> Observation::log_z() const {
  return static_cast<double>(dim()) * std::log(double{sd_} * std::sqrt(2.0 * std::numbers::pi));
}

}  // namespace ebm::samplers
