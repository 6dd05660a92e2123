#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "landscape/disconnectivity.h"
#include "landscape/elastic_band.h"
#include "landscape/flow_network.h"
#include "samplers/box.h"
#include "samplers/energy.h"

namespace ebm::landscape {

/// How states become modes.
struct EnergyMapOptions {
  std::string states = "basins";  ///< or k-means
  std::int64_t descent_steps = 500;
  double descent_step_size = 0.01;
  double merge_distance = 0.1;
  std::int64_t k = 50;
  std::int64_t restarts = 10;   ///< of the search for modules
  std::int64_t most_paths = 8;  ///< modes, of the largest, between which paths are sought; 0: none
  std::int64_t band_images = 15;
  std::int64_t band_steps = 300;
  std::optional<samplers::Box> box = std::nullopt;
  std::uint64_t seed = 0;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// A module of the walk: where chains stay for long.
struct Mode {
  double mass = 0.0;                  ///< share of the time
  double exit = 0.0;                  ///< how often a frame is the last one before another mode
  std::optional<double> escape_time;  ///< mean steps until it is left; none if it never was
  std::int64_t n_states = 0;          ///< basins or clusters
  float energy = 0.0f;                ///< of the exemplar
  std::vector<float> exemplar;        ///< [dim], its state of least energy
  std::optional<std::int64_t> label;  ///< that most of its chains started with
};

struct EnergyMap {
  std::int64_t n_states = 0;
  std::int64_t n_unsettled = 0, n_descents = 0;         ///< of basins: see Basins
  double one_level_codelength = 0.0, codelength = 0.0;  ///< bits a frame
  std::vector<Mode> modes;                              ///< by falling mass
  std::vector<Link> flows;                    ///< how often one is followed by the other, both ways
  std::int64_t n_crossings = 0;               ///< frames after which a chain was in another mode
  std::optional<double> adjusted_rand_index;  ///< of modes and labels, at the first frame
  std::int64_t n_paths_modes = 0;             ///< that the two below are of
  std::vector<double> saddles;                ///< [m, m], the highest energy between exemplars
  std::vector<Merge> tree;
};

/// Makes states of frames, a graph of how chains went between them, and modes of that by the map
/// equation; then paths of least energy between the exemplars of the largest.
/// @param frames  [n_frames, n_chains, dim], `lag` steps apart
/// @param labels  [n_chains], or empty
EnergyMap map_energy(const samplers::Energy& energy, std::span<const float> frames,
                     std::int64_t n_chains, std::int64_t lag, std::span<const std::int64_t> labels,
                     const EnergyMapOptions& options);

}  // namespace ebm::landscape
