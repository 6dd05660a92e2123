#include "landscape/energy_map.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/printed.h"
#include "base/require.h"
#include "landscape/adjusted_rand_index.h"
#include "landscape/basins.h"
#include "landscape/k_means.h"
#include "landscape/map_equation.h"
#include "landscape/renumber.h"
#include "landscape/transitions.h"
#include "samplers/run_chains.h"

namespace ebm::app {
namespace {
using base::printed;
using landscape::at;

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
                 const LandscapeMapOptions& options) {
  landscape::Basins basins =
      landscape::find_basins(energy, frames,
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
                   const LandscapeMapOptions& options) {
  const std::int64_t dim = energy.dim();
  const auto n_rows = static_cast<std::int64_t>(frames.size()) / dim;
  landscape::KMeans clusters =
      landscape::k_means(frames, dim, {.k = options.k, .seed = options.seed});
  samplers::ChainStore chains(n_rows, dim);
  chains.load_rows(frames);
  samplers::evaluate_chains(energy, chains, options.n_threads);
  std::vector<float> energies(at(n_rows));
  chains.store_energy(energies);
  States states{.of_frames = std::move(clusters.states), .n = 0, .lowest = {}, .energies = {}};
  // A centre without rows is no state.
  states.n = landscape::renumber(states.of_frames);
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
                std::span<const std::int64_t> labels, LandscapeMap& map) {
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
  map.adjusted_rand_index = landscape::adjusted_rand_index(first, labels);
}

void find_saddles(const samplers::Energy& energy, const LandscapeMapOptions& options,
                  LandscapeMap& map) {
  const std::int64_t m = std::min(options.most_paths, static_cast<std::int64_t>(map.modes.size()));
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
      landscape::minimum_energy_paths(energy, from, to,
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
  map.tree = landscape::disconnectivity_tree(map.saddles, m);
}

}  // namespace

void LandscapeMapOptions::validate() const {
  if (states != "basins" && states != "k-means") {
    throw Error(ErrorCode::kUsage, "states = " + states + ": must be basins or k-means");
  }
  base::require_at_least("descent-steps", descent_steps, 0);
  base::require_positive("descent-step-size", descent_step_size);
  base::require_non_negative("merge-distance", merge_distance);
  base::require_at_least("k", k, 1);
  base::require_at_least("restarts", restarts, 1);
  base::require_at_least("paths", most_paths, 0);
  base::require_at_least("band-images", band_images, 1);
  base::require_at_least("band-steps", band_steps, 0);
}

LandscapeMap map_landscape(const samplers::Energy& energy, std::span<const float> frames,
                           std::int64_t n_chains, std::int64_t lag,
                           std::span<const std::int64_t> labels,
                           const LandscapeMapOptions& options) {
  options.validate();
  const std::int64_t dim = energy.dim();
  const States states = options.states == "basins" ? basins_of(energy, frames, options)
                                                   : clusters_of(energy, frames, options);
  const auto links = landscape::transition_links(states.of_frames, n_chains);
  const landscape::FlowNetwork network = landscape::flow_network(states.n, links);
  const landscape::Partition found =
      landscape::find_modules(network, {.restarts = options.restarts, .seed = options.seed});
  const landscape::FlowNetwork of_modes =
      landscape::aggregate(network, found.modules, found.n_modules);

  LandscapeMap map{.n_states = states.n,
                   .n_unsettled = states.n_unsettled,
                   .n_descents = options.states == "basins"
                                     ? static_cast<std::int64_t>(states.of_frames.size())
                                     : 0,
                   .one_level_codelength = landscape::one_level_codelength(network),
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
  map.n_crossings = landscape::n_crossings(states.of_frames, n_chains, found.modules);
  if (!labels.empty()) name_modes(found.modules, states.of_frames, labels, map);
  if (options.most_paths > 0) find_saddles(energy, options, map);
  return map;
}

nlohmann::json map_json(const LandscapeMap& map) {
  nlohmann::json modules = nlohmann::json::array();
  for (const Mode& mode : map.modes) {
    nlohmann::json each{{"mass", mode.mass},
                        {"exit", mode.exit},
                        {"n_states", mode.n_states},
                        {"energy", mode.energy}};
    each["escape_time"] = mode.escape_time ? nlohmann::json(*mode.escape_time) : nullptr;
    if (mode.label) each["label"] = *mode.label;
    modules.push_back(std::move(each));
  }
  const auto rows_of = [](const std::vector<double>& values, std::size_t n) {
    nlohmann::json rows = nlohmann::json::array();
    for (std::size_t i = 0; i < n; ++i) {
      rows.push_back(
          std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(i * n),
                              values.begin() + static_cast<std::ptrdiff_t>((i + 1) * n)));
    }
    return rows;
  };
  nlohmann::json flows = nlohmann::json::array();
  for (const landscape::Link& flow : map.flows) {
    flows.push_back(nlohmann::json::array({flow.from, flow.to, flow.weight}));
  }
  nlohmann::json tree = nlohmann::json::array();
  for (const landscape::Merge& merge : map.tree) {
    tree.push_back({{"left", merge.left}, {"right", merge.right}, {"energy", merge.energy}});
  }
  nlohmann::json document{
      {"n_states", map.n_states},     {"one_level_codelength", map.one_level_codelength},
      {"codelength", map.codelength}, {"crossings", map.n_crossings},
      {"modules", modules},           {"flows", flows}};
  if (map.n_descents > 0) {
    document["descents"] = {{"n", map.n_descents}, {"unsettled", map.n_unsettled}};
  }
  if (map.n_paths_modes > 0) {
    document["saddles"] = rows_of(map.saddles, at(map.n_paths_modes));
    document["tree"] = tree;
  }
  if (map.adjusted_rand_index) document["adjusted_rand_index"] = *map.adjusted_rand_index;
  return document;
}

std::string map_text(const LandscapeMap& map) {
  constexpr std::size_t kMaxModes = 30;
  std::string text =
      printed("%lld states in %zu modes: %.4f bits a frame, %.4f without modes; %lld crossings\n",
              static_cast<long long>(map.n_states), map.modes.size(), map.codelength,
              map.one_level_codelength, static_cast<long long>(map.n_crossings));
  if (map.n_unsettled > 0) {
    text += printed(
        "%lld of %lld descents had not come to rest, and may count one mode as several: take more "
        "--descent-steps, or another --descent-step-size\n",
        static_cast<long long>(map.n_unsettled), static_cast<long long>(map.n_descents));
  }
  if (map.adjusted_rand_index) {
    text += printed("adjusted Rand index of modes and labels: %.4f\n", *map.adjusted_rand_index);
  }
  text += " mode     mass  states     energy  escape: steps  label  lowest barrier\n";
  for (std::size_t m = 0; m < std::min(map.modes.size(), kMaxModes); ++m) {
    const Mode& mode = map.modes[m];
    text += printed("%5zu  %6.2f%%  %6lld  %9.4g  %13s  %5s", m + 1, 100.0 * mode.mass,
                    static_cast<long long>(mode.n_states), double{mode.energy},
                    mode.escape_time ? printed("%.4g", *mode.escape_time).c_str() : "never",
                    mode.label ? std::to_string(*mode.label).c_str() : "");
    const auto n = static_cast<std::size_t>(map.n_paths_modes);
    if (m < n && n > 1) {
      double lowest = 0.0;
      std::size_t to = m;
      for (std::size_t k = 0; k < n; ++k) {
        if (k == m || (to != m && map.saddles[m * n + k] >= lowest)) continue;
        lowest = map.saddles[m * n + k];
        to = k;
      }
      text += printed("  %.4g, to mode %zu", lowest - double{mode.energy}, to + 1);
    }
    text += "\n";
  }
  if (map.modes.size() > kMaxModes) {
    text += printed("  ... and %zu more\n", map.modes.size() - kMaxModes);
  }
  return text;
}

}  // namespace ebm::app
