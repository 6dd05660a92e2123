#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace ebm::data {

/// The names draw_toy knows.
const std::vector<std::string>& toy_names();

struct ToyOptions {
  std::int64_t n = 10000;
  std::uint64_t seed = 0;
  bool test = false;  ///< another, independent draw for the same seed

  /// @throws Error(kUsage) unless n >= 1.
  void validate() const;
};

/// Points of a 2-D toy distribution, float32 [n, 2] as shape (2, 1, 1), with label k, the mode or
/// class. k is uniform; u, v ~ U[0, 1); ξ, η ~ N(0, 1), all independent.
///   8gaussians    k < 8:   (cos πk/4 + 0.15·ξ, sin πk/4 + 0.15·η)
///   25gaussians   k < 25:  (k mod 5 − 2 + 0.05·ξ, floor(k/5) − 2 + 0.05·η)
///   two-moons     k < 2:   (cos πu − 1/2, sin πu − 1/4) for k = 0,
///                          (1/2 − cos πu, 1/4 − sin πu) for k = 1, plus (0.1·ξ, 0.1·η)
///   rings         k < 4:   r·(cos 2πu, sin 2πu) + (0.05·ξ, 0.05·η), r = (k + 1)/2
///   checkerboard  k < 8:   (i − 2 + u, j − 2 + v), j = floor(k/2), i = 2·(k mod 2) + (j mod 2):
///                          every second unit square of [−2, 2)²
///   pinwheel      k < 5:   a = 1 + 0.3·ξ, b = 0.05·η turned by θ = 2πk/5 + 0.25·exp(a):
///                          (a·cos θ − b·sin θ, a·sin θ + b·cos θ)
/// Item i is drawn from RandomStream i of (seed, Domain::kToyData, generation 0 or, for `test`, 1),
/// so that it does not depend on n: two words for k, then one each for u and v and two each for ξ
/// and η, in the order of the formula.
/// @throws Error(kUsage) for an unknown name, with the known ones, or bad options.
/// Sources: 8gaussians as used for EBMs by Nijkamp et al. 2020 (radius 1, sd 0.15); two-moons as in
/// scikit-learn, moved to mean 0; pinwheel as in Johnson et al. 2016.
Dataset draw_toy(const std::string& name, const ToyOptions& options);

/// The modes of a toy that is an even mixture of round Gaussians.
struct ToyModes {
  std::vector<float> centres;  ///< [n_modes, 2], mode k is that of label k
  double sd;
};

/// Of 8gaussians and 25gaussians; nothing for the other names.
std::optional<ToyModes> toy_modes(const std::string& name);

}  // namespace ebm::data
