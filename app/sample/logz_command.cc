#include "app/sample/logz_command.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/command_line.h"
#include "app/print.h"
#include "app/show_progress.h"
#include "app/target/open_target.h"
#include "cli/help_text.h"
#include "evaluation/chain_starts.h"
#include "evaluation/report/terms_json.h"
#include "evaluation/runs/log_z_of_model.h"

namespace ebm::app {
namespace {

struct LogZCommand {
  std::string model, energy, reverse;
  EvaluatedBy by;
  evaluation::LogZRequest request;
  std::int64_t threads = 0;
  bool json = false;
};

void run(LogZCommand command, const Backends& backends) {
  evaluation::LogZRequest& request = command.request;
  Target target = open_target(command.model, command.energy, command.by, backends);
  request.n_threads = resolve_threads(command.threads);
  request.in_bf16 = command.by.precision == "bf16";
  request.coarse = coarse_energies(command.by);
  request.on_progress = show_progress();
  if (!command.reverse.empty()) {
    request.reverse_rows = [&](const std::optional<samplers::Box>& box) {
      return evaluation::read_states(command.reverse, target.shape, box);
    };
  }
  evaluation::LogZReport report = evaluation::log_z_of_model(target, request);
  report.target = command.model.empty() ? command.energy : command.model;
  report.reverse_file = command.reverse;
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
  sub->add_option("--n", command->request.n, "number of forward chains")->capture_default_str();
  sub->add_option("--path", command->request.path,
                  "beta, from the base to the target, or noise, through the levels of E(x, sigma) "
                  "to the lowest [noise if the model goes through levels]");
  sub->add_option("--temperatures", command->request.temperatures,
                  "number of values of beta, from 0 (base) to 1 (target), or of levels of noise")
      ->capture_default_str();
  sub->add_option("--schedule", command->request.schedule,
                  "spacing of beta: sigmoidal, linear or geometric")
      ->capture_default_str();
  sub->add_option("--steps", command->request.steps, "transitions at each beta")
      ->capture_default_str();
  sub->add_option("--sampler", command->request.sampler,
                  "hmc or mala; a pilot run tunes the step sizes")
      ->capture_default_str();
  sub->add_option("--leapfrog", command->request.leapfrog,
                  "maximal leapfrog steps of an HMC transition [" +
                      std::to_string(samplers::TransitionOptions().n_leapfrog) + "]");
  sub->add_option("--base", command->request.base,
                  "base distribution: gaussian or uniform [uniform if there is a box]");
  CLI::Option* sd = sub->add_option("--base-sd", command->request.base_sd,
                                    "sd of the Gaussian base [1; by noise the model's own]");
  sub->add_option("--box", command->request.box, "bounds of the uniform base and of the target")
      ->type_name("LOW,HIGH")
      ->delimiter(',')
      ->expected(2)
      ->excludes(sd);
  sub->add_option("--temperature", command->request.temperature,
                  "T: Z is the integral of exp(-E/T)")
      ->capture_default_str();
  sub->add_option(
         "--reverse", command->reverse,
         "FILE.npy of samples of the target: adds a reverse run, for an upper bound (BDMC)")
      ->type_name("FILE");
  add_seed(*sub, command->request.seed);
  add_threads(*sub, command->threads);
  add_evaluated_by(*sub, command->by);
  add_json(*sub, command->json);
  cli::add_examples(
      *sub, {"ebm logz --energy toy:gaussian,dim=10", "ebm logz run --n 256 --temperatures 10000"});
  command->request.is_given = [sub](const std::string& option) {
    return sub->count("--" + option) > 0;
  };
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
