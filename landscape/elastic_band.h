#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "samplers/box.h"
#include "samplers/energy.h"

namespace ebm::landscape {

struct ElasticBandOptions {
  std::int64_t n_images = 15;  ///< states between the ends, at first on a straight line
  std::int64_t n_steps = 500;
  /// λ of a step along the forces, at most: it is kept below half of 1 / curvature, as the
  /// gradients of successive steps show it.
  float step_size = 0.01f;
  /// Of the springs, in units of energy per (data unit)²; they move images along the band only, and
  /// none beyond a quarter of what would put it right.
  float spring = 1.0f;
  std::optional<samplers::Box> box = std::nullopt;  ///< that images are clamped to
  int n_threads = 1;                                ///< results do not depend on it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// A path between two states.
struct EnergyPath {
  std::vector<float> states;    ///< [n_images + 2, dim], ends included
  std::vector<float> energies;  ///< [n_images + 2]
  /// The largest energy on the way, nine states between any two neighbours included: images may
  /// come to rest on both sides of a sharp ridge.
  float highest = 0.0f;

  /// The barrier: highest minus the energy of the start.
  float barrier() const { return highest - energies.front(); }
};

/// Minimum-energy paths between pairs of states, by nudged elastic bands: image i moves along
///   F_i = −∇E_⊥ + spring·(‖x_{i+1} − x_i‖ − ‖x_i − x_{i−1}‖)·τ,
/// ∇E_⊥ being the part of the gradient orthogonal to the tangent τ. In the second half of the steps
/// the highest image climbs along it, F = −∇E + 2·(∇E·τ)·τ, to the saddle. τ points to the
/// neighbour of higher energy, and is a mean of both by energies at a top or bottom of the band. A
/// path that is found is one of those there are, and its barrier an upper bound on the least; it is
/// the lowest of the straight line, the band before it climbs, and that at the end.
/// @param from, to  [n, dim] each, minima as a rule
/// @throws Error(kShape) for sizes that do not agree, Error(kDiverged) if the energy of a state on
///         the straight line is not finite.
/// Source: Henkelman & Jónsson 2000, eq. 4 and 8-12; climbing: Henkelman, Uberuaga, Jónsson 2000,
/// eq. 5.
std::vector<EnergyPath> minimum_energy_paths(const samplers::Energy& energy,
                                             std::span<const float> from, std::span<const float> to,
                                             const ElasticBandOptions& options);

}  // namespace ebm::landscape
