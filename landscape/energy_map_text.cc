#include "landscape/energy_map_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::landscape {

nlohmann::json map_json(const EnergyMap& map) {
  nlohmann::json modules = nlohmann::json::array();
  for (const Mode& mode : map.modes) {
    nlohmann::json each{{"mass", mode.mass},
                        {"exit", mode.exit},
                        {"n_states", mode.n_states},
                        {"energy", base::plain_double(mode.energy)}};
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
  for (const Link& flow : map.flows) {
    flows.push_back(nlohmann::json::array({flow.from, flow.to, flow.weight}));
  }
  nlohmann::json tree = nlohmann::json::array();
  for (const Merge& merge : map.tree) {
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
    document["saddles"] = rows_of(map.saddles, static_cast<std::size_t>(map.n_paths_modes));
    document["tree"] = tree;
  }
  if (map.adjusted_rand_index) document["adjusted_rand_index"] = *map.adjusted_rand_index;
  return document;
}

std::string map_text(const EnergyMap& map) {
  constexpr std::size_t kMaxModes = 30;
  std::string text = base::printed(
      "%lld states in %zu modes: %.4f bits a frame, %.4f without modes; %lld crossings\n",
      static_cast<long long>(map.n_states), map.modes.size(), map.codelength,
      map.one_level_codelength, static_cast<long long>(map.n_crossings));
  if (map.n_unsettled > 0) {
    text += base::printed(
        "%lld of %lld descents had not come to rest, and may count one mode as several: take more "
        "--descent-steps, or another --descent-step-size\n",
        static_cast<long long>(map.n_unsettled), static_cast<long long>(map.n_descents));
  }
  if (map.adjusted_rand_index) {
    text +=
        base::printed("adjusted Rand index of modes and labels: %.4f\n", *map.adjusted_rand_index);
  }
  text += " mode     mass  states     energy  escape: steps  label  lowest barrier\n";
  for (std::size_t m = 0; m < std::min(map.modes.size(), kMaxModes); ++m) {
    const Mode& mode = map.modes[m];
    text +=
        base::printed("%5zu  %6.2f%%  %6lld  %9.4g  %13s  %5s", m + 1, 100.0 * mode.mass,
                      static_cast<long long>(mode.n_states), double{mode.energy},
                      mode.escape_time ? base::printed("%.4g", *mode.escape_time).c_str() : "never",
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
      text += base::printed("  %.4g, to mode %zu", lowest - double{mode.energy}, to + 1);
    }
    text += "\n";
  }
  if (map.modes.size() > kMaxModes) {
    text += base::printed("  ... and %zu more\n", map.modes.size() - kMaxModes);
  }
  return text;
}

}  // namespace ebm::landscape
