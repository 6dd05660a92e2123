#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "evaluation/density/level_density.h"

namespace ebm::evaluation {

/// ln p of the first items of a data set, with what their mean is made of.
struct DensityScores {
  DensityMethod method = DensityMethod::kFlow;
  std::vector<float> energies;        ///< −ln p [n], nats
  samplers::LogZEstimate log_z = {};  ///< at the lowest level if annealed, else at the highest
  MeanDensity mean = {};
};

/// Of images of grey levels with uniform noise below one (data/bits_per_dim.h).
/// @param n  0: all items
/// @throws what require_density() and LevelDensity throw
DensityScores score_density(const models::EnergyModel& model, const data::Dataset& dataset,
                            std::int64_t n, DensityMethod method,
                            const LevelDensityOptions& options);

}  // namespace ebm::evaluation
