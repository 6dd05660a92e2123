#include "landscape/interpolation.h"

namespace ebm::landscape {

Interpolation interpolate(const samplers::Energy& energy, std::span<const float> from,
                          std::span<const float> to, const ElasticBandOptions& options) {
  ElasticBandOptions straight = options;
  straight.n_steps = 0;
  return {.path = minimum_energy_paths(energy, from, to, options).at(0),
          .line = minimum_energy_paths(energy, from, to, straight).at(0)};
}

}  // namespace ebm::landscape
