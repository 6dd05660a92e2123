#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::landscape {

/// Two groups of minima that are one below an energy.
struct Merge {
  std::int64_t left, right;  ///< below n: a minimum; n + i: the group of merge i
  double energy;             ///< of the lowest saddle between them
};

/// The disconnectivity tree of minima: which of them can reach which without going above an energy,
/// from the lowest saddle upwards. n − 1 merges.
/// @param saddles  [n, n], the highest energy on a path between two minima; symmetric, the diagonal
///                 is not read
/// @throws Error(kShape) unless the saddles are n·n, Error(kBadData) if one is not finite.
/// Source: Becker & Karplus 1997, "The topology of multidimensional potential energy surfaces".
std::vector<Merge> disconnectivity_tree(std::span<const double> saddles, std::int64_t n);

}  // namespace ebm::landscape
