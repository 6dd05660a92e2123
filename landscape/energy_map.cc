#include "landscape/energy_map.h"

#include <algorithm>
#include <map>

#include "base/require.h"
#include "landscape/adjusted_rand_index.h"
#include "landscape/basins.h"
#include "landscape/k_means.h"
#include "landscape/map_equation.h"
#include "landscape/renumber.h"
#include "landscape/transitions.h"
#include "samplers/run_chains.h"

namespace ebm::landscape {
namespace {

/// Less than one in all frames that fit into memory: rounding.
constexpr double kMinExit = 1e-12;

/// The state of each frame, and where each state is lowest.
struct States {
  std::vector<std::int64_t> of_frames;
  std::int64_t n = 0;
  std::vector<float> lowest;    ///< [n, dim]
  std::vector<float> energies;  ///< [n], of these
  std::int64_t n_unsettled = 0;
};

States basins_of(const samplers::Energy& energy, std::span<const float> frames,
                 const EnergyMapOptions& options) {
  Basins basins = find_basins(energy, frames,
                              {.n_steps = options.descent_steps,
                               .step_size = static_cast<float>(options.descent_step_size),
                               .box = options.box,
                               .merge_distance = options.merge_distance,
                               .n_threads = options.n_threads});
  return {.of_frames = std::move(basins.states),
          .n = static_cast<std::int64_t>(basins.energies.size()),
          .lowest = std::move(basins.minima),
          .energies = std::move(basins.energies),
          .n_unsettled = basins.n_unsettled};
}

States clusters_of(const samplers::Energy& energy, std::span<const float> frames,
                   const EnergyMapOptions& options) {
  const std::int64_t dim = energy.dim();
  const auto n_rows = static_cast<std::int64_t>(frames.size()) / dim;
  KMeans clusters = k_means(frames, dim, {.k = options.k, .seed = options.seed});
  samplers::ChainStore chains(n_rows, dim);
  chains.load_rows(frames);
  samplers::evaluate_chains(energy, chains, options.n_threads);
  std::vector<float> energies(at(n_rows));
  chains.store_energy(energies);
  States states{.of_frames = std::move(clusters.states), .n = 0, .lowest = {}, .energies = {}};
  // A centre without rows is no state.
  states.n = renumber(states.of_frames);
  states.lowest.resize(at(states.n * dim));
  states.energies.resize(at(states.n));
  std::vector<bool> seen(at(states.n), false);
  for (std::int64_t row = 0; row < n_rows; ++row) {
    const std::size_t state = at(states.of_frames[at(row)]);
    if (seen[state] && energies[at(row)] >= states.energies[state]) continue;
    seen[state] = true;
    states.energies[state] = energies[at(row)];
    std::copy_n(frames.data() + row * dim, dim,
                states.lowest.data() + static_cast<std::ptrdiff_t>(state) * dim);
  }
  return states;
}

/// The label that most chains of each mode started with.
void name_modes(std::span<const std::int64_t> modules, std::span<const std::int64_t> states,
                std::span<const std::int64_t> labels, EnergyMap& map) {
  std::vector<std::int64_t> first;
  std::vector<std::map<std::int64_t, std::int64_t>> counts(map.modes.size());
  for (std::size_t chain = 0; chain < labels.size(); ++chain) {
    first.push_back(modules[at(states[chain])]);
    ++counts[at(first.back())][labels[chain]];
  }
  for (std::size_t mode = 0; mode < counts.size(); ++mode) {
    const auto most =
        std::max_element(counts[mode].begin(), counts[mode].end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != counts[mode].end()) map.modes[mode].label = most->first;
  }
  map.adjusted_rand_index = adjusted_rand_index(first, labels);
}

void find_saddles(const samplers::Energy& energy, const EnergyMapOptions& options, EnergyMap& map) {
  const std::int64_t m = std::min(options.max_paths, static_cast<std::int64_t>(map.modes.size()));
  std::vector<float> from, to;
  for (std::int64_t a = 0; a < m; ++a) {
    for (std::int64_t b = a + 1; b < m; ++b) {
      const auto& start = map.modes[at(a)].exemplar;
      const auto& end = map.modes[at(b)].exemplar;
      from.insert(from.end(), start.begin(), start.end());
      to.insert(to.end(), end.begin(), end.end());
    }
  }
  const auto paths =
      minimum_energy_paths(energy, from, to,
                           {.n_images = options.band_images,
                            .n_steps = options.band_steps,
                            .step_size = static_cast<float>(options.descent_step_size),
                            .box = options.box,
                            .n_threads = options.n_threads});
  map.n_paths_modes = m;
  map.saddles.assign(at(m * m), 0.0);
  std::size_t next = 0;
  for (std::int64_t a = 0; a < m; ++a) {
    map.saddles[at(a * m + a)] = double{map.modes[at(a)].energy};
    for (std::int64_t b = a + 1; b < m; ++b) {
      map.saddles[at(a * m + b)] = map.saddles[at(b * m + a)] = double{paths[next++].highest};
    }
  }
  map.tree = disconnectivity_tree(map.saddles, m);
}

}  // namespace

void EnergyMapOptions::validate() const {
  base::require_at_least("descent-steps", descent_steps, 0);
  base::require_positive("descent-step-size", descent_step_size);
  base::to_float("descent-step-size", descent_step_size);  // throws if it has no such size
  base::require_non_negative("merge-distance", merge_distance);
  base::require_at_least("k", k, 1);
  base::require_at_least("restarts", restarts, 1);
  base::require_at_least("paths", max_paths, 0);
  base::require_at_least("band-images", band_images, 1);
  base::require_at_least("band-steps", band_steps, 0);
}

EnergyMap map_energy(const samplers::Energy& energy, std::span<const float> frames,
                     std::int64_t n_chains, std::int64_t lag, std::span<const std::int64_t> labels,
                     const EnergyMapOptions& options) {
  options.validate();
  const std::int64_t dim = energy.dim();
  const States states = options.states == StateKind::kBasins ? basins_of(energy, frames, options)
                                                             : clusters_of(energy, frames, options);
  const auto links = transition_links(states.of_frames, n_chains);
  const FlowNetwork network = flow_network(states.n, links);
  const Partition found =
      find_modules(network, {.restarts = options.restarts, .seed = options.seed});
  const FlowNetwork of_modes = aggregate(network, found.modules, found.n_modules);

  EnergyMap map{.n_states = states.n,
                .n_unsettled = states.n_unsettled,
                .n_descents = options.states == StateKind::kBasins
                                  ? static_cast<std::int64_t>(states.of_frames.size())
                                  : 0,
                .one_level_codelength = one_level_codelength(network),
                .codelength = found.codelength,
                .modes = std::vector<Mode>(at(found.n_modules)),
                .flows = {},
                .adjusted_rand_index = std::nullopt,
                .saddles = {},
                .tree = {}};
  for (std::int64_t m = 0; m < found.n_modules; ++m) {
    Mode& mode = map.modes[at(m)];
    mode.mass = of_modes.visits[at(m)];
    mode.exit = of_modes.exits[at(m)];
    if (mode.exit > kMinExit) mode.escape_time = static_cast<double>(lag) * mode.mass / mode.exit;
    for (std::int64_t k = of_modes.first[at(m)]; k < of_modes.first[at(m + 1)]; ++k) {
      const std::int64_t to = of_modes.neighbours[at(k)];
      if (m < to) map.flows.push_back({m, to, 2.0 * of_modes.flows[at(k)]});
    }
  }
  for (std::int64_t state = 0; state < states.n; ++state) {
    Mode& mode = map.modes[at(found.modules[at(state)])];
    if (mode.n_states++ > 0 && states.energies[at(state)] >= mode.energy) continue;
    mode.energy = states.energies[at(state)];
    const float* row = states.lowest.data() + state * dim;
    mode.exemplar.assign(row, row + dim);
  }
  map.n_crossings = n_crossings(states.of_frames, n_chains, found.modules);
  if (!labels.empty()) name_modes(found.modules, states.of_frames, labels, map);
  if (options.max_paths > 0) find_saddles(energy, options, map);
  return map;
}

}  // namespace ebm::landscape
