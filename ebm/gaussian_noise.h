#pragma once

#include <cstdint>
#include <memory>

#include "data/dataset.h"
#include "training/noise_distribution.h"

namespace ebm {

/// N(μ, Σ) with the mean and covariance of a data set: of its first 10,000 items, grey levels
/// spread over their bins, and 10⁻⁶ of the mean variance added to the diagonal. If that alone is
/// the variance of more than 16 directions (fewer items than values, say), Σ is
/// principal_covariance() of the data's instead.
/// @param seed  of the noise below one grey level
/// @throws Error(kShape) for a set of fewer than two items, Error(kBadData) if all are equal.
std::unique_ptr<training::NoiseDistribution> gaussian_noise(const data::Dataset& dataset,
                                                            std::uint64_t seed);

}  // namespace ebm
