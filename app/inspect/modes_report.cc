#include "app/inspect/modes_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/atomic_file.h"
#include "base/printed.h"
#include "report/image_grid.h"
#include "report/item_picture.h"
#include "report/page/mode_map.h"
#include "report/png.h"

namespace ebm::app {
namespace {

/// The exemplars of the largest modes side by side, a PNG.
std::string strip_of(const landscape::EnergyMap& map, const data::ItemShape& shape) {
  std::vector<float> rows;
  const std::size_t n = std::min(map.modes.size(), report::ModeMap::kMaxShown);
  for (std::size_t m = 0; m < n; ++m) {
    rows.insert(rows.end(), map.modes[m].exemplar.begin(), map.modes[m].exemplar.end());
  }
  return report::png_bytes(report::image_grid(
      rows, shape, {.columns = static_cast<std::int64_t>(n), .gap = 0, .scale = 1}));
}

}  // namespace

nlohmann::json map_json(const landscape::EnergyMap& map) {
  nlohmann::json modules = nlohmann::json::array();
  for (const landscape::Mode& mode : map.modes) {
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
    document["saddles"] = rows_of(map.saddles, static_cast<std::size_t>(map.n_paths_modes));
    document["tree"] = tree;
  }
  if (map.adjusted_rand_index) document["adjusted_rand_index"] = *map.adjusted_rand_index;
  return document;
}

std::string map_text(const landscape::EnergyMap& map) {
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
    const landscape::Mode& mode = map.modes[m];
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

nlohmann::json walk_json(const ModesOfEnergy& command, const samplers::SamplerSettings& settings,
                         const evaluation::Walk& walk) {
  nlohmann::json document{{"n", command.n},
                          {"frames", command.frames},
                          {"lag", command.lag},
                          {"burn_in", command.burn_in},
                          {"sampler", samplers::sampler_name(settings.sampler)},
                          {"step_size", settings.step_size},
                          {"temperature", settings.temperature},
                          {"states", command.states}};
  const samplers::ChainInfo total = walk.info.total();
  if (total.n_transitions > 0) document["acceptance"] = total.acceptance();
  return document;
}

std::filesystem::path strip_path(const std::string& out) {
  return std::filesystem::path(out).replace_extension(".png");
}

void write_pictures(const ModesOfEnergy& command, const Target& target,
                    const landscape::EnergyMap& map, nlohmann::json& document) {
  if (!command.picture.empty()) {
    std::vector<float> exemplars;
    for (const landscape::Mode& mode : map.modes) {
      exemplars.insert(exemplars.end(), mode.exemplar.begin(), mode.exemplar.end());
    }
    report::write_picture(command.picture, exemplars, target.shape, target.is_image);
    document["picture"] = command.picture;
  }
  if (command.out.empty() || !target.is_image || !report::is_drawable(target.shape, true)) return;
  const std::filesystem::path strip = strip_path(command.out);
  base::write_file_atomically(strip, strip_of(map, target.shape));
  document["exemplars"] = {{"file", strip.filename().string()},
                           {"width", target.shape.width},
                           {"height", target.shape.height}};
}

}  // namespace ebm::app
