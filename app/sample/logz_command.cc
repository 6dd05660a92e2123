#include "app/sample/logz_command.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/sample/logz_plan.h"
#include "app/show_progress.h"
#include "base/error.h"
#include "base/system/memory_limit.h"
#include "cli/help_text.h"
#include "evaluation/chain_starts.h"
#include "evaluation/log_z_run.h"
#include "evaluation/report/log_z_report.h"
#include "evaluation/report/terms_json.h"
#include "samplers/initial_states.h"

namespace ebm::app {
namespace {

void require_fits(const LogZCommand& command, std::int64_t dim) {
  // A path with gradients at both ends, and the rows that it starts from.
  base::require_memory({.option = "n",
                        .value = command.n,
                        .what = "chains of dim " + std::to_string(dim),
                        .each = 16.0 * static_cast<double>(dim) + 24.0});
}

std::vector<float> reverse_rows(const LogZCommand& command, const Target& target,
                                const std::optional<samplers::Box>& box) {
  if (command.reverse.empty()) return {};
  return evaluation::read_states(command.reverse, target.shape, box);
}

/// Through the levels of a walk, in float32: the weights are differences of energies.
evaluation::LogZRun run_by_noise(const LogZCommand& command, const models::LevelWalk& walk,
                                 Target& target, evaluation::LogZReport& report) {
  if (command.by.precision == "bf16") {
    throw Error(ErrorCode::kUsage,
                "precision = bf16: rounds the differences of energies too much; a path by noise "
                "takes a model in f32");
  }
  const auto options = diffusion_options(command, walk);
  report.path = options;
  if (target.precision) target.precision = nets::Precision::kFloat32;
  return evaluation::run_log_z(walk.in_float32 ? walk.in_float32() : walk.energy, options,
                               command.n, reverse_rows(command, target, std::nullopt),
                               show_progress());
}

evaluation::LogZRun run_by_beta(const LogZCommand& command, Target& target,
                                evaluation::LogZReport& report) {
  const auto options = annealing_options(command, target.settings.box);
  report.path = options;
  std::vector<float> some(static_cast<std::size_t>(samplers::kLanes * report.dim));
  samplers::draw_initial_states({.seed = options.seed, .domain = base::Domain::kSampleInit}, 0,
                                report.dim, options.base.box, some);
  evaluation::use_precise_energies(target, some, options.temperature, "log Z",
                                   coarse_energies(command.by));
  return evaluation::run_log_z(target.energy, options, command.n,
                               reverse_rows(command, target, options.base.box), show_progress());
}

void run(const LogZCommand& command, const Backends& backends, const IsGiven& is_given) {
  Target target = open_target(command.model, command.energy, command.by, backends);
  const bool by_noise = goes_by_noise(command, target, is_given);
  evaluation::LogZReport report{.target = command.model.empty() ? command.energy : command.model,
                                .is_model = !target.origin.empty(),
                                .dim = target.energy->dim(),
                                .reverse_file = command.reverse,
                                .exact = target.energy->log_z()};
  require_fits(command, report.dim);
  const auto start = std::chrono::steady_clock::now();
  evaluation::LogZRun found = by_noise ? run_by_noise(command, *target.level_walk, target, report)
                                       : run_by_beta(command, target, report);
  report.step_sizes = found.step_sizes;
  report.log_z_base = found.log_z_base;
  report.estimates = std::move(found.estimates);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.precision = target.precision;
  print_warnings(report.estimates.warnings());
  if (command.json) {
    nlohmann::json document = evaluation::log_z_report_json(report);
    evaluation::add_terms(target.terms, document);
    return print_json(document);
  }
  std::printf("%s", evaluation::log_z_report_text(report).c_str());
}

}  // namespace

void add_logz_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<LogZCommand>();
  CLI::App* sub = app.add_subcommand("logz", "Estimate log Z by annealed importance sampling");
  sub->add_option("MODEL", command->model, kModelHelp);
  sub->add_option("--energy", command->energy, "toy:NAME[,KEY=VALUE]..., instead of MODEL")
      ->type_name("TOY");
  sub->add_option("--n", command->n, "number of forward chains")->capture_default_str();
  sub->add_option("--path", command->path,
                  "beta, from the base to the target, or noise, through the levels of E(x, sigma) "
                  "to the lowest [noise if the model goes through levels]");
  sub->add_option("--temperatures", command->temperatures,
                  "number of values of beta, from 0 (base) to 1 (target), or of levels of noise")
      ->capture_default_str();
  sub->add_option("--schedule", command->schedule,
                  "spacing of beta: sigmoidal, linear or geometric")
      ->capture_default_str();
  sub->add_option("--steps", command->steps, "transitions at each beta")->capture_default_str();
  sub->add_option("--sampler", command->sampler, "hmc or mala; a pilot run tunes the step sizes")
      ->capture_default_str();
  sub->add_option("--leapfrog", command->leapfrog,
                  "maximal leapfrog steps of an HMC transition [" +
                      std::to_string(samplers::TransitionOptions().n_leapfrog) + "]");
  sub->add_option("--base", command->base,
                  "base distribution: gaussian or uniform [uniform if there is a box]");
  CLI::Option* sd = sub->add_option("--base-sd", command->base_sd,
                                    "sd of the Gaussian base [1; by noise the model's own]");
  sub->add_option("--box", command->box, "bounds of the uniform base and of the target")
      ->type_name("LOW,HIGH")
      ->delimiter(',')
      ->expected(2)
      ->excludes(sd);
  sub->add_option("--temperature", command->temperature, "T: Z is the integral of exp(-E/T)")
      ->capture_default_str();
  sub->add_option(
         "--reverse", command->reverse,
         "FILE.npy of samples of the target: adds a reverse run, for an upper bound (BDMC)")
      ->type_name("FILE");
  add_seed(*sub, command->seed);
  add_threads(*sub, command->threads);
  add_evaluated_by(*sub, command->by);
  add_json(*sub, command->json);
  cli::add_examples(
      *sub, {"ebm logz --energy toy:gaussian,dim=10", "ebm logz run --n 256 --temperatures 10000"});
  sub->callback([command, backends, sub] {
    run(*command, backends, [sub](const char* option) { return sub->count(option) > 0; });
  });
}

}  // namespace ebm::app
