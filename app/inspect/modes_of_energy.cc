#include "app/inspect/modes_of_energy.h"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "app/command_line.h"
#include "app/inspect/modes_report.h"
#include "app/json_text.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/show_progress.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "evaluation/report/mode_search_report.h"
#include "evaluation/walk_warnings.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

/// What can be checked without opening the target.
void validate(const ModesOfEnergy& command) {
  command.request.validate();
  if (!command.out.empty()) report::require_output(command.out, {report::OutputKind::kJson});
  if (!command.picture.empty()) {
    report::require_output(command.picture, {report::OutputKind::kPng}, "picture");
  }
}

/// What the target has to allow.
void validate(const ModesOfEnergy& command, const Target& target) {
  if (command.picture.empty()) return;
  report::require_drawable(command.picture, target.shape, target.is_image);
  if (target.is_image && !command.out.empty() &&
      strip_path(command.out) == fs::path(command.picture)) {
    throw Error(ErrorCode::kUsage, "picture = " + command.picture +
                                       ": --out writes this file too; must be another one");
  }
}

}  // namespace

void run_modes_of_energy(ModesOfEnergy command, const Backends& backends) {
  validate(command);
  evaluation::ModesRequest& request = command.request;
  Target target = open_target(command.model, command.energy, command.by, backends);
  validate(command, target);
  request.n_threads = resolve_threads(command.threads);
  request.coarse = coarse_energies(command.by);
  request.on_read = show_reading();
  request.on_warning = print_warning;
  request.search.on_progress = show_progress();
  const evaluation::FoundModes found = evaluation::modes_of_model(target, request);

  print_warnings(evaluation::warnings_after(found.search.walk, found.settings));
  const evaluation::ModeSearchReport report{target, request.search, found.settings, found.states,
                                            found.search};
  nlohmann::json document = evaluation::mode_search_json(report);
  document["warnings"] = kept_warnings();
  write_pictures(command, target, found.search.map, document);
  const std::string text = json_text(document) + "\n";
  if (!command.out.empty()) base::write_file_atomically(command.out, text);
  std::printf("%s", command.json ? text.c_str() : evaluation::mode_search_text(report).c_str());
}

}  // namespace ebm::app
