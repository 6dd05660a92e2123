#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/dataset.h"

namespace ebm::gan {

/// How many modes of a distribution samples cover.
struct ModeCoverage {
  std::int64_t n = 0;  ///< samples
  std::int64_t n_found = 0, n_modes = 0;
  std::optional<double> good;  ///< share of samples near a mode, of toys
  double kl = 0.0;             ///< KL from the uniform distribution over modes, in nats
};

/// Samples of a toy whose modes are known; a sample is good within 3 standard deviations of one.
/// @param spec  toy:8gaussians or toy:25gaussians
/// @throws Error(kUsage) for another one; what metrics::count_modes throws.
ModeCoverage coverage_of_toy(const data::Dataset& samples, const std::string& spec);

/// Images of 1 to 3 channels. A mode is a combination of the classes that a classifier predicts for
/// the channels one by one, so that stacked digits have 1000.
/// @param file  classifier of `ebm features train`
/// @throws Error(kBadData) for more channels or a file that is no classifier; what
///         evaluation::open_features() throws.
ModeCoverage coverage_by_classifier(const data::Dataset& samples, const std::string& file,
                                    int n_threads);

}  // namespace ebm::gan
