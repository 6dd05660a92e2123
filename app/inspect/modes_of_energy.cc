#include "app/inspect/modes_of_energy.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/command_line.h"
#include "app/inspect/map_text.h"
#include "app/pictures.h"
#include "app/show_progress.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/require.h"
#include "data/load_dataset.h"
#include "evaluation/chain_starts.h"
#include "evaluation/walk.h"
#include "report/image_grid.h"
#include "report/page/mode_map.h"
#include "report/png.h"

namespace ebm::app {
namespace {

/// Steps between frames unless told otherwise.
constexpr std::int64_t kLag = 100;
/// A billion values of frames in memory.
constexpr double kMaxFrameValues = 1e9;

/// The labels of the data that chains start from, in their order; none if there are none.
std::vector<std::int64_t> labels_of(const std::string& spec, std::int64_t n) {
  const data::Dataset dataset = data::load_dataset(spec);
  std::vector<std::int64_t> labels;
  if (dataset.labels.empty()) return labels;
  for (std::int64_t i = 0; i < n; ++i) {
    labels.push_back(dataset.labels[static_cast<std::size_t>(i % dataset.n)]);
  }
  return labels;
}

void validate(const ModesOfEnergy& words) {
  base::require_at_least("n", words.n, 1);
  base::require_at_least("frames", words.frames, 2);
  base::require_at_least("burn-in", words.burn_in, words.adapt ? 1 : 0);
  if (words.lag) base::require_at_least("lag", *words.lag, 1);
}

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

/// Everything that is told of the walk.
nlohmann::json walk_json(const ModesOfEnergy& words, const samplers::SamplerSettings& settings,
                         std::int64_t lag, const evaluation::Walk& walk) {
  nlohmann::json document{{"n", words.n},
                          {"frames", words.frames},
                          {"lag", lag},
                          {"burn_in", words.burn_in},
                          {"sampler", samplers::sampler_name(settings.sampler)},
                          {"step_size", settings.step_size},
                          {"temperature", settings.temperature},
                          {"states", words.map.states}};
  const samplers::ChainInfo total = walk.info.total();
  if (total.n_transitions > 0) document["acceptance"] = total.acceptance();
  return document;
}

}  // namespace

void add_modes_of_energy_options(CLI::App& sub, ModesOfEnergy& words) {
  const char* group = "Modes of an energy: chains walk, their states make the graph";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  sub.add_option("MODEL", words.model, kModelHelp)->type_name("");
  add("--energy", words.energy, "toy:NAME[,KEY=VALUE]..., as of ebm sample, instead of MODEL");
  add("--init", words.init, "data, noise, replay or FILE.npy [data of a model, noise of a toy]");
  add("--data", words.data, "SPEC that --init data starts from [that of the training]");
  add("--n", words.n, "number of chains")->capture_default_str();
  add("--burn-in", words.burn_in, "steps before the first frame")->capture_default_str();
  sub.add_flag("--adapt", words.adapt, "tune the step size during burn-in")->group(group);
  add("--frames", words.frames, "states of each chain that are looked at")->capture_default_str();
  add("--lag", words.lag, "steps between them [100]");
  add("--states", words.map.states, "basins (of descent) or k-means")->capture_default_str();
  add("--descent-steps", words.map.descent_steps,
      "to the bottom of a basin, half of them with momentum")
      ->capture_default_str();
  add("--descent-step-size", words.descent_step_size,
      "of these steps and those of paths [a model's own; toys 0.01]");
  add("--merge-distance", words.map.merge_distance,
      "of two bottoms that are one: root mean square over coordinates")
      ->capture_default_str();
  add("--k", words.map.k, "clusters of k-means")->capture_default_str();
  add("--paths", words.map.most_paths,
      "largest modes between which paths of least energy are sought; 0: none")
      ->capture_default_str();
  add("--band-images", words.map.band_images, "states on a path")->capture_default_str();
  add("--band-steps", words.map.band_steps, "of its search")->capture_default_str();
  add("--out", words.out,
      "FILE.json: what --json prints; of images FILE.png beside it. RUN/modes.json is part of "
      "ebm report RUN");
  add("--picture", words.picture, "FILE.png: the exemplar of each mode, by falling mass");
  add("--threads", words.threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  add("--backend", words.backend, "of a MODEL: compiled or torch [compiled]");
  add_sampler_options(sub, words.sampler, "mala");
}

void run_modes_of_energy(ModesOfEnergy words, std::int64_t seed, bool json,
                         const Backends& backends) {
  validate(words);
  if (!words.out.empty()) {
    if (!words.out.ends_with(".json")) {
      throw Error(ErrorCode::kUsage, "out = " + words.out + ": must end in .json");
    }
    base::require_writable(words.out);
  }
  if (!words.picture.empty()) {
    require_output(words.picture, std::vector{OutputKind::kPng}, "picture");
  }
  const Target target = open_target(words.model, words.energy, words.backend, backends);
  const std::int64_t dim = target.energy->dim();
  const std::int64_t lag = words.lag.value_or(kLag);
  if (static_cast<double>(words.n) * static_cast<double>(words.frames) * static_cast<double>(dim) >
      kMaxFrameValues) {
    throw Error(ErrorCode::kUsage, "frames = " + std::to_string(words.frames) +
                                       ": must be fewer, or n: at most 1e9 numbers are kept");
  }
  samplers::SamplerSettings settings = target.settings;
  if (!words.sampler.sampler) {
    settings.sampler = samplers::SamplerKind::kMala;
    settings.noise_scale = std::nullopt;
    settings.clamp_energy_grad = std::nullopt;
  }
  apply_sampler_options(words.sampler, dim, words.burn_in + words.frames * lag, settings);
  samplers::make_kernel(settings);  // names what is wrong before any work
  words.map.seed = static_cast<std::uint64_t>(seed);
  words.map.n_threads = resolve_threads(words.threads);
  words.map.box = settings.box;
  words.map.descent_step_size = words.descent_step_size.value_or(double{target.settings.step_size});
  words.map.validate();
  if (!words.picture.empty()) require_drawable(words.picture, target.shape, target.is_image);
  if (target.is_image && !words.out.empty() &&
      std::filesystem::path(words.out).replace_extension(".png") ==
          std::filesystem::path(words.picture)) {
    throw Error(ErrorCode::kUsage,
                "picture = " + words.picture + ": is that of --out; take another name");
  }
  const std::string init = !words.init.empty()   ? words.init
                           : words.model.empty() ? "noise"
                                                 : "data";
  const std::string spec = words.data.empty() ? target.data : words.data;
  if (!words.data.empty() && init != "data") {
    throw Error(ErrorCode::kUsage, "data = " + words.data + ": needs --init data");
  }
  const std::vector<float> starts =
      evaluation::chain_starts({.init = init, .data = spec, .n = words.n, .seed = words.map.seed},
                               target.shape, settings.box, target.checkpoint);
  const std::vector<std::int64_t> labels =
      init == "data" ? labels_of(spec, words.n) : std::vector<std::int64_t>{};
  const evaluation::Walk walk =
      evaluation::walk_chains(*target.energy, starts,
                              {.n = words.n,
                               .burn_in = words.burn_in,
                               .steps = words.frames * lag,
                               .thinning = lag,
                               .adapt = words.adapt,
                               .keep_draws = true,
                               .seed = words.map.seed,
                               .n_threads = words.map.n_threads,
                               .on_progress = show_progress({.label = "sample"})},
                              settings);
  const landscape::EnergyMap map =
      landscape::map_energy(*target.energy, walk.draws, words.n, lag, labels, words.map);
  nlohmann::json document = walk_json(words, settings, lag, walk);
  document.update(map_json(map));
  if (!words.picture.empty()) {
    std::vector<float> exemplars;
    for (const landscape::Mode& mode : map.modes) {
      exemplars.insert(exemplars.end(), mode.exemplar.begin(), mode.exemplar.end());
    }
    write_picture(words.picture, exemplars, target.shape, target.is_image);
    document["picture"] = words.picture;
  }
  if (!words.out.empty() && is_drawable(target.shape, target.is_image) && target.is_image) {
    const std::string strip = std::filesystem::path(words.out).replace_extension(".png").string();
    base::write_file_atomically(strip, strip_of(map, target.shape));
    document["exemplars"] = {{"file", std::filesystem::path(strip).filename().string()},
                             {"width", target.shape.width},
                             {"height", target.shape.height}};
  }
  const std::string text = document.dump(1) + "\n";
  if (!words.out.empty()) base::write_file_atomically(words.out, text);
  if (json) {
    std::printf("%s", text.c_str());
    return;
  }
  std::printf("%lld chains of %s, step size %g, T = %g, %lld frames %lld steps apart",
              static_cast<long long>(words.n), samplers::sampler_name(settings.sampler).c_str(),
              double{settings.step_size}, double{settings.temperature},
              static_cast<long long>(words.frames), static_cast<long long>(lag));
  if (document.contains("acceptance")) {
    std::printf(", acceptance %.3f", document["acceptance"].get<double>());
  }
  std::printf("\n%s", map_text(map).c_str());
}

}  // namespace ebm::app
