#include "app/sample/logz_command.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/command_line.h"
#include "app/machine.h"
#include "app/sample/logz_report.h"
#include "app/show_progress.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "data/formats/npy.h"
#include "evaluation/log_z_run.h"

namespace ebm::app {
namespace {

struct LogZCommand {
  std::string model;
  std::string backend;
  std::string energy;
  std::int64_t n = 1024;
  std::int64_t temperatures = 1000;
  std::string schedule = "sigmoidal";
  std::int64_t steps = 1;
  std::string sampler = "hmc";
  std::optional<std::int64_t> leapfrog;
  std::string base;
  std::optional<double> base_sd;
  std::vector<double> box;
  double temperature = 1.0;
  std::string reverse;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  bool json = false;
};

samplers::BaseDensity base_of(const LogZCommand& command,
                              const std::optional<samplers::Box>& recipe_box) {
  std::optional<samplers::Box> box = recipe_box;
  if (!command.box.empty()) {
    box = {static_cast<float>(command.box[0]), static_cast<float>(command.box[1])};
  }
  if (box && !(std::isfinite(box->low) && std::isfinite(box->high))) {
    throw Error(ErrorCode::kUsage, "box: must have finite ends, as the uniform base fills it");
  }
  const bool wants_uniform = !command.box.empty() || (box && !command.base_sd);
  const std::string base =
      !command.base.empty() ? command.base : (wants_uniform ? "uniform" : "gaussian");
  if (base == "gaussian") {
    if (!command.box.empty()) {
      throw Error(ErrorCode::kUsage, "base = gaussian: has no walls; leave out --box");
    }
    return {.sd = static_cast<float>(command.base_sd.value_or(1.0))};
  }
  if (base != "uniform") {
    throw Error(ErrorCode::kUsage, "base = " + base + ": must be gaussian or uniform");
  }
  if (command.base_sd) {
    throw Error(ErrorCode::kUsage, "base = uniform: has no sd; leave out --base-sd");
  }
  if (!box) throw Error(ErrorCode::kUsage, "base = uniform: needs --box LO,HI");
  return {.box = box};
}

samplers::AnnealedImportanceOptions options_of(const LogZCommand& command,
                                               const std::optional<samplers::Box>& recipe_box) {
  using Sampler = samplers::TransitionOptions::Sampler;
  if (command.sampler != "hmc" && command.sampler != "mala") {
    throw Error(ErrorCode::kUsage, "sampler = " + command.sampler + ": must be hmc or mala");
  }
  // By the words of the command line; the library checks again by its own.
  base::require_at_least("n", command.n, 1);
  base::require_at_least("temperatures", command.temperatures, 2);
  base::require_at_least("steps", command.steps, 1);
  const std::int64_t leapfrog = command.leapfrog.value_or(samplers::TransitionOptions().n_leapfrog);
  base::require_at_least("leapfrog", leapfrog, 1);
  if (command.leapfrog && command.sampler != "hmc") {
    throw Error(ErrorCode::kUsage, "leapfrog: not for mala; it is an option of hmc");
  }
  base::require_at_least("seed", command.seed, 0);
  if (command.temperatures > 100'000'000) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(command.temperatures) +
                                       ": must be at most 100000000");
  }
  samplers::AnnealedImportanceOptions options{
      .base = base_of(command, recipe_box),
      .temperature = static_cast<float>(command.temperature),
      .n_temperatures = command.temperatures,
      .schedule = samplers::beta_shape(command.schedule),
      .transitions = {.sampler = command.sampler == "hmc" ? Sampler::kHmc : Sampler::kMala,
                      .n_leapfrog = leapfrog,
                      .n_transitions = command.steps},
      .seed = static_cast<std::uint64_t>(command.seed),
      .n_threads = resolve_threads(command.threads)};
  options.validate();
  return options;
}

void require_fits(const LogZCommand& command, std::int64_t dim) {
  // A path with gradients at both ends, and the rows that it starts from.
  require_memory(command.n, "chains of dim " + std::to_string(dim),
                 16.0 * static_cast<double>(dim) + 24.0);
}

/// Rows [n, ...] of dim values each, checked here as the library would only see them after the
/// pilot.
std::vector<float> read_rows(const std::string& file, std::int64_t dim,
                             const std::optional<samplers::Box>& box) {
  data::NpyArray array = data::read_npy(file);
  auto* values = std::get_if<std::vector<float>>(&array.values);
  if (values == nullptr) {
    throw Error(ErrorCode::kBadData, file + " holds uint8; expected float32 samples");
  }
  if (array.shape.empty() || values->empty() ||
      static_cast<std::int64_t>(values->size()) != array.shape[0] * dim) {
    throw Error(ErrorCode::kShape, file + " holds " + std::to_string(values->size()) +
                                       " values; expected rows of " + std::to_string(dim));
  }
  for (std::size_t i = 0; i < values->size(); ++i) {
    const float x = (*values)[i];
    if (box ? x >= box->low && x <= box->high : std::isfinite(x)) continue;
    throw Error(ErrorCode::kBadData, file + " holds " + base::number_text(x) + " in row " +
                                         std::to_string(i / static_cast<std::size_t>(dim)) +
                                         "; expected " +
                                         (box ? "values in the box" : "finite numbers"));
  }
  return std::move(*values);
}

void run(const LogZCommand& command, const Backends& backends) {
  const Target target = open_target(command.model, command.energy, command.backend, backends);
  const std::int64_t dim = target.energy->dim();
  const auto options = options_of(command, target.settings.box);
  require_fits(command, dim);
  std::vector<float> rows;
  if (!command.reverse.empty()) rows = read_rows(command.reverse, dim, options.base.box);
  const auto start = std::chrono::steady_clock::now();
  evaluation::LogZRun found = evaluation::run_log_z(target.energy, options, command.n, rows,
                                                    show_progress({.label = "logz"}));
  const LogZReport report{
      .target = command.model.empty() ? command.energy : command.model,
      .is_model = !command.model.empty(),
      .dim = dim,
      .options = options,
      .schedule = command.schedule,
      .step_sizes = found.step_sizes,
      .log_z_base = found.log_z_base,
      .estimates = std::move(found.estimates),
      .reverse_file = command.reverse,
      .exact = target.energy->log_z(),
      .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
  command.json ? print_log_z_json(report) : print_log_z_table(report);
}

}  // namespace

void add_logz_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<LogZCommand>();
  CLI::App* sub = app.add_subcommand("logz", "Estimate log Z by annealed importance sampling");
  sub->add_option("MODEL", command->model, kModelHelp);
  sub->add_option("--energy", command->energy, "toy:NAME[,KEY=VALUE]...");
  sub->add_option("--n", command->n, "number of forward chains")->capture_default_str();
  sub->add_option("--temperatures", command->temperatures,
                  "values of beta from the base (0) to the target (1)")
      ->capture_default_str();
  sub->add_option("--schedule", command->schedule, "of beta: sigmoidal, linear or geometric")
      ->capture_default_str();
  sub->add_option("--steps", command->steps, "transitions at each beta")->capture_default_str();
  sub->add_option("--sampler", command->sampler, "hmc or mala; a pilot run tunes their steps")
      ->capture_default_str();
  sub->add_option("--leapfrog", command->leapfrog,
                  "most leapfrog steps of an HMC transition [" +
                      std::to_string(samplers::TransitionOptions().n_leapfrog) + "]");
  sub->add_option("--base", command->base,
                  "gaussian or uniform [uniform if there is a box, the model's or --box]");
  CLI::Option* sd = sub->add_option("--base-sd", command->base_sd, "of the gaussian [1]");
  sub->add_option("--box", command->box, "walls of the uniform base and of the target")
      ->type_name("LO,HI")
      ->delimiter(',')
      ->expected(2)
      ->excludes(sd);
  sub->add_option("--temperature", command->temperature, "T: Z is the integral of exp(-E/T)")
      ->capture_default_str();
  sub->add_option("--reverse", command->reverse,
                  "FILE.npy of samples of the target: anneal them back to the base, too");
  sub->add_option("--seed", command->seed, "of all random numbers")->capture_default_str();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_option("--backend", command->backend, "of a MODEL: compiled or torch [compiled]");
  sub->add_flag("--json", command->json, "print one JSON document");
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
