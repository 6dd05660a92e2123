#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "samplers/box.h"
#include "samplers/energy.h"

namespace ebm::landscape {

struct BasinOptions {
  std::int64_t n_steps = 1000;                      ///< per descent, half of them with momentum
  float step_size = 0.01f;                          ///< λ
  std::optional<samplers::Box> box = std::nullopt;  ///< that descents stay in
  /// An end nearer than this to a minimum belongs to it: root mean square over coordinates.
  double merge_distance = 0.1;
  int n_threads = 1;  ///< results do not depend on it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Result of find_basins().
struct Basins {
  std::vector<std::int64_t> states;  ///< [n] the basin of each row, numbered by first occurrence
  std::vector<float> minima;         ///< [n_basins, dim]
  std::vector<float> energies;       ///< [n_basins]
  /// Descents whose next step, without momentum, would still be longer than a thousandth of
  /// merge_distance: they may be counted as basins of their own on the way to one.
  std::int64_t n_unsettled = 0;

  std::int64_t n() const { return static_cast<std::int64_t>(energies.size()); }
};

/// The basin of each state: the minimum that descent from it reaches. An end within merge_distance
/// of several minima belongs to the first. Half of the steps are
/// x <- x − λ·∇E(x), which stay in a basin; then, on the floor of a valley, steps with a momentum
/// of 0.95 that restarts where it leads uphill (samplers/kernels/nesterov.h).
/// @param rows  [n, dim]
/// @throws Error(kDiverged) if a descent becomes non-finite: λ is too large.
/// Source: Stillinger & Weber 1982, "Hidden structure in liquids" (inherent structures).
Basins find_basins(const samplers::Energy& energy, std::span<const float> rows,
                   const BasinOptions& options);

}  // namespace ebm::landscape
