#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/names/choice.h"
#include "landscape/disconnectivity.h"
#include "landscape/elastic_band.h"
#include "landscape/flow_network.h"
#include "samplers/box.h"
#include "samplers/energy.h"

namespace ebm::landscape {

/// What the states of the graph are.
enum class StateKind {
  kBasins,  ///< of descent (basins.h)
  kKMeans,  ///< clusters (k_means.h)
};

inline constexpr base::Choice<StateKind> kStateKinds[] = {{"basins", StateKind::kBasins},
                                                          {"k-means", StateKind::kKMeans}};

/// How frames become states, and states modes.
struct EnergyMapOptions {
  StateKind states = StateKind::kBasins;
  std::int64_t descent_steps = 500;  ///< to the minimum of a basin
  double descent_step_size = 0.01;   ///< of these steps and those of paths
  double merge_distance = 0.1;       ///< below which two minima are one: RMS over coordinates
  std::int64_t k = 50;               ///< clusters of k-means
  std::int64_t restarts = 10;        ///< of the search for modules
  std::int64_t max_paths = 8;        ///< largest modes between which paths are computed; 0: none
  std::int64_t band_images = 15;     ///< states on a path
  std::int64_t band_steps = 300;     ///< of the path optimisation
  std::optional<samplers::Box> box = std::nullopt;
  std::uint64_t seed = 0;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// A module of the graph: a region that chains seldom leave.
struct Mode {
  double mass = 0.0;                  ///< share of the time
  double exit = 0.0;                  ///< share of frames that are the last before another mode
  std::optional<double> escape_time;  ///< mean steps until chains leave it; none if none did
  std::int64_t n_states = 0;          ///< basins or clusters
  float energy = 0.0f;                ///< of the exemplar
  std::vector<float> exemplar;        ///< [dim], its state of least energy
  std::optional<std::int64_t> label;  ///< that most of its chains started with
};

/// The modes of an energy and what lies between them.
struct EnergyMap {
  std::int64_t n_states = 0;
  std::int64_t n_unsettled = 0, n_descents = 0;         ///< of Basins; 0 for k-means
  double one_level_codelength = 0.0, codelength = 0.0;  ///< bits per frame
  std::vector<Mode> modes;                              ///< largest mass first
  std::vector<Link> flows;       ///< frequencies of transitions, both directions together
  std::int64_t n_crossings = 0;  ///< steps from frame to frame into another mode
  std::optional<double> adjusted_rand_index;  ///< of modes and labels, at the first frame
  std::int64_t n_paths_modes = 0;  ///< m, the number of modes between which there are paths
  std::vector<double> saddles;     ///< [m, m], the highest energy between exemplars
  std::vector<Merge> tree;
};

/// Groups frames into states, counts the transitions between states, and finds the modules of that
/// graph by the map equation: the modes. Then it computes minimum-energy paths between the
/// exemplars of the largest modes.
/// @param frames  [n_frames, n_chains, dim], `lag` steps apart
/// @param labels  [n_chains], or empty
EnergyMap map_energy(const samplers::Energy& energy, std::span<const float> frames,
                     std::int64_t n_chains, std::int64_t lag, std::span<const std::int64_t> labels,
                     const EnergyMapOptions& options);

}  // namespace ebm::landscape
