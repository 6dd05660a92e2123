#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ebm::evaluation {

/// Energies of a set of images.
struct EnergySet {
  std::string name;
  std::vector<float> energies;
};

/// How many energies of each set lie between common edges.
struct EnergyHistograms {
  struct Counts {
    std::string name;
    std::vector<std::int64_t> counts;  ///< one a bucket; all energies of the set together
  };
  std::vector<double> edges;  ///< of the buckets, rising: one more than there are
  std::vector<Counts> sets;
};

/// Buckets of equal width over a central range, the same for all sets. The range of one set is that
/// between its quantiles of 1 % and 99 %. The central range holds those of the first n_core sets,
/// and of the others as much as lies within its own width to either side: sets far away must not
/// squeeze the near ones into one bucket. What is below the first edge counts in the first
/// bucket, what is above the last in the last one.
/// @param sets  none of them empty, all energies finite
/// @throws Error(kShape) for an empty set, or unless 1 <= n_core <= sets.size()
EnergyHistograms energy_histograms(const std::vector<EnergySet>& sets, std::size_t n_core,
                                   std::int64_t n_buckets = 60);

}  // namespace ebm::evaluation
