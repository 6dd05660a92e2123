#include "app/inspect/modes_of_energy.h"

#include <cstdio>
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
#include "evaluation/chain_starts.h"
#include "evaluation/report/mode_search_report.h"
#include "evaluation/sampling/mode_search.h"
#include "evaluation/walk_warnings.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

/// What can be checked without opening the target.
void validate(const ModesOfEnergy& command) {
  command.search.validate();
  base::value_of<landscape::StateKind>("states", landscape::kStateKinds, command.states);
  if (!command.out.empty()) report::require_output(command.out, {report::OutputKind::kJson});
  if (!command.picture.empty()) {
    report::require_output(command.picture, {report::OutputKind::kPng}, "picture");
  }
}

/// What the target has to allow.
void validate(const ModesOfEnergy& command, const Target& target) {
  command.search.require_memory(target.energy->dim());
  if (command.picture.empty()) return;
  report::require_drawable(command.picture, target.shape, target.is_image);
  if (target.is_image && !command.out.empty() &&
      strip_path(command.out) == fs::path(command.picture)) {
    throw Error(ErrorCode::kUsage, "picture = " + command.picture +
                                       ": --out writes this file too; must be another one");
  }
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

evaluation::LabelledStarts starts_of(const ModesOfEnergy& command, const Target& target,
                                     const samplers::SamplerSettings& settings) {
  const char* usual = target.origin.empty() ? "noise" : "data";
  const evaluation::ChainStart start =
      evaluation::parse_chain_start(command.init.empty() ? usual : command.init);
  const bool from_data = start.kind == evaluation::StartKind::kData;
  if (!command.data.empty() && !from_data) {
    throw Error(ErrorCode::kUsage, "data = " + command.data + ": needs --init data");
  }
  return read_moved_data(from_data && command.data.empty(), [&] {
    return evaluation::labelled_starts({.kind = start.kind,
                                        .file = start.file,
                                        .data = command.data.empty() ? target.data : command.data,
                                        .n = command.search.n,
                                        .seed = static_cast<std::uint64_t>(command.seed),
                                        .noise_sd = settings.start_sd,
                                        .on_read = show_reading(),
                                        .on_warning = print_warning},
                                       target.shape, settings.box, target.checkpoint);
  });
}

}  // namespace

void run_modes_of_energy(const ModesOfEnergy& command, const Backends& backends) {
  validate(command);
  Target target = open_target(command.model, command.energy, command.by, backends);
  validate(command, target);
  samplers::SamplerSettings settings =
      evaluation::mode_search_settings(target, command.sampler, command.search.n_steps());
  const landscape::EnergyMapOptions map = map_options(command, target, settings);
  const evaluation::LabelledStarts starts = starts_of(command, target, settings);
  evaluation::use_precise_energies(target, starts.rows, settings, coarse_energies(command.by));

  evaluation::ModeSearchOptions search = command.search;
  search.on_progress = show_progress();
  const evaluation::ModeSearch found =
      evaluation::find_modes(target, starts, search, settings, map);

  print_warnings(evaluation::warnings_after(found.walk, settings));
  const evaluation::ModeSearchReport report{target, search, settings, map.states, found};
  nlohmann::json document = evaluation::mode_search_json(report);
  document["warnings"] = kept_warnings();
  write_pictures(command, target, found.map, document);
  const std::string text = json_text(document) + "\n";
  if (!command.out.empty()) base::write_file_atomically(command.out, text);
  std::printf("%s", command.json ? text.c_str() : evaluation::mode_search_text(report).c_str());
}

}  // namespace ebm::app
