#pragma once

#include <span>

#include "landscape/elastic_band.h"

namespace ebm::landscape {

/// Two ways from one state to another.
struct Interpolation {
  EnergyPath path;  ///< of low energy, by the elastic band
  EnergyPath line;  ///< as many states, evenly on the straight line
};

/// Paths between two states, which need not be minima. `path` is the line itself where the band
/// found nothing lower.
/// @param from, to  [dim] each
/// @throws as minimum_energy_paths()
Interpolation interpolate(const samplers::Energy& energy, std::span<const float> from,
                          std::span<const float> to, const ElasticBandOptions& options);

}  // namespace ebm::landscape
