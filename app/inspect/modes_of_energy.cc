#include "app/inspect/modes_of_energy.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/inspect/modes_report.h"
#include "app/json_text.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/show_progress.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "data/load_dataset.h"
#include "evaluation/chain_starts.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "evaluation/walk.h"
#include "evaluation/walk_warnings.h"
#include "landscape/energy_map_text.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

/// A billion values of frames in memory.
constexpr double kMaxFrameValues = 1e9;

/// What can be checked without opening the target.
void validate(const ModesOfEnergy& command) {
  base::require_at_least("n", command.n, 1);
  base::require_at_least("frames", command.frames, 2);
  base::require_at_least("burn-in", command.burn_in, command.adapt ? 1 : 0);
  base::require_at_least("lag", command.lag, 1);
  base::value_of<landscape::StateKind>("states", landscape::kStateKinds, command.states);
  if (!command.out.empty()) report::require_output(command.out, {report::OutputKind::kJson});
  if (!command.picture.empty()) {
    report::require_output(command.picture, {report::OutputKind::kPng}, "picture");
  }
}

/// What the target has to allow.
void validate(const ModesOfEnergy& command, const Target& target) {
  const double n_values = static_cast<double>(command.n) * static_cast<double>(command.frames) *
                          static_cast<double>(target.energy->dim());
  if (n_values > kMaxFrameValues) {
    throw Error(ErrorCode::kUsage, "frames = " + std::to_string(command.frames) +
                                       ": must be fewer, or n: at most 1e9 numbers are kept");
  }
  // Frames, starts, and chains with gradients and momenta.
  base::require_memory({.option = "n",
                        .value = command.n,
                        .what = "chains of " + std::to_string(command.frames) + " frames of dim " +
                                std::to_string(target.energy->dim()),
                        .each = (4.0 * static_cast<double>(command.frames) + 16.0) *
                                static_cast<double>(target.energy->dim())});
  if (command.picture.empty()) return;
  report::require_drawable(command.picture, target.shape, target.is_image);
  if (target.is_image && !command.out.empty() &&
      strip_path(command.out) == fs::path(command.picture)) {
    throw Error(ErrorCode::kUsage, "picture = " + command.picture +
                                       ": --out writes this file too; must be another one");
  }
}

samplers::SamplerSettings settings_of(const ModesOfEnergy& command, const Target& target) {
  samplers::SamplerSettings settings = target.settings;
  if (!command.sampler.sampler) {
    settings.sampler = samplers::SamplerKind::kMala;
    settings.noise_scale = std::nullopt;
    settings.clamp_energy_grad = std::nullopt;
  }
  evaluation::apply_overrides(command.sampler, target.energy->dim(),
                              command.burn_in + command.frames * command.lag, settings);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  return settings;
}

landscape::EnergyMapOptions map_options(const ModesOfEnergy& command, const Target& target,
                                        const samplers::SamplerSettings& settings) {
  landscape::EnergyMapOptions options = command.map;
  options.states =
      base::value_of<landscape::StateKind>("states", landscape::kStateKinds, command.states);
  options.seed = static_cast<std::uint64_t>(command.seed);
  options.n_threads = resolve_threads(command.threads);
  options.box = settings.box;
  options.descent_step_size = command.descent_step_size.value_or(double{target.settings.step_size});
  options.validate();
  return options;
}

/// Where chains start, and the labels of the data if they start there.
struct ModeStarts {
  std::vector<float> rows;
  std::vector<std::int64_t> labels;
};

ModeStarts starts_of(const ModesOfEnergy& command, const Target& target,
                     const samplers::SamplerSettings& settings) {
  const char* usual = target.origin.empty() ? "noise" : "data";
  const evaluation::ChainStart start =
      evaluation::parse_chain_start(command.init.empty() ? usual : command.init);
  const bool from_data = start.kind == evaluation::StartKind::kData;
  const std::string spec = command.data.empty() ? target.data : command.data;
  if (!command.data.empty() && !from_data) {
    throw Error(ErrorCode::kUsage, "data = " + command.data + ": needs --init data");
  }
  ModeStarts starts;
  starts.rows = read_moved_data(from_data && command.data.empty(), [&] {
    return evaluation::chain_starts({.kind = start.kind,
                                     .file = start.file,
                                     .data = spec,
                                     .n = command.n,
                                     .seed = static_cast<std::uint64_t>(command.seed),
                                     .noise_sd = settings.start_sd,
                                     .on_read = show_reading(),
                                     .on_warning = print_warning},
                                    target.shape, settings.box, target.checkpoint);
  });
  if (!from_data) return starts;
  const data::Dataset dataset = data::load_dataset(spec);
  for (std::int64_t i = 0; i < command.n && !dataset.labels.empty(); ++i) {
    starts.labels.push_back(dataset.labels[static_cast<std::size_t>(i % dataset.n)]);
  }
  return starts;
}

}  // namespace

void run_modes_of_energy(const ModesOfEnergy& command, const Backends& backends) {
  validate(command);
  Target target = open_target(command.model, command.energy, command.by, backends);
  validate(command, target);
  samplers::SamplerSettings settings = settings_of(command, target);
  const landscape::EnergyMapOptions options = map_options(command, target, settings);
  const ModeStarts starts = starts_of(command, target, settings);
  evaluation::use_precise_energies(target, starts.rows, settings, coarse_energies(command.by));

  const evaluation::Walk walk = evaluation::walk_chains(*target.energy, starts.rows,
                                                        {.n = command.n,
                                                         .burn_in = command.burn_in,
                                                         .steps = command.frames * command.lag,
                                                         .thinning = command.lag,
                                                         .adapt = command.adapt,
                                                         .keep_draws = true,
                                                         .seed = options.seed,
                                                         .n_threads = options.n_threads,
                                                         .on_progress = show_progress()},
                                                        settings);
  // Descents and paths look for places where small differences of energies change their sign.
  const auto precise = target.in_float32 ? target.in_float32() : target.energy;
  const landscape::EnergyMap map =
      landscape::map_energy(*precise, walk.draws, command.n, command.lag, starts.labels, options);

  print_warnings(evaluation::warnings_after(walk, settings));
  nlohmann::json document = walk_json(command, settings, walk);
  evaluation::add_arithmetic(target.precision, document);
  evaluation::add_terms(target.terms, document);
  document["warnings"] = kept_warnings();
  document.update(landscape::map_json(map));
  write_pictures(command, target, map, document);
  const std::string text = json_text(document) + "\n";
  if (!command.out.empty()) base::write_file_atomically(command.out, text);
  if (command.json) {
    std::fputs(text.c_str(), stdout);
    return;
  }
  print("%lld chains of %s, step size %g, T = %g, %lld frames %lld steps apart",
        static_cast<long long>(command.n), samplers::sampler_name(settings.sampler).c_str(),
        double{settings.step_size}, double{settings.temperature},
        static_cast<long long>(command.frames), static_cast<long long>(command.lag));
  if (document.contains("acceptance")) {
    print(", acceptance %.3f", document["acceptance"].get<double>());
  }
  std::printf("\n%s", landscape::map_text(map).c_str());
}

}  // namespace ebm::app
