#include "app/gan/dynamics.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "gan/dirac_report.h"
#include "gan/dirac_run.h"
#include "gan/dirac_system.h"
#include "gan/phase_portrait.h"
#include "report/output_file.h"
#include "report/png.h"

namespace ebm::app {
namespace {

struct DynamicsCommand {
  std::string system;
  gan::DiracRun run;
  std::string turns = "simultaneous";
  gan::DiracOptions options;
  std::string out;
  bool json = false;
  std::vector<std::string> given{};  ///< names of the options on the command line
};

/// Rows of the table after the start.
constexpr std::size_t kTableRows = 10;

bool is_given(const DynamicsCommand& command, const std::string& name) {
  return std::find(command.given.begin(), command.given.end(), name) != command.given.end();
}

void validate(const DynamicsCommand& command, gan::DiracKind kind) {
  command.run.validate();
  if (!command.run.n_steps) {
    cli::refuse_options(command.given, {"step-size", "turns", "clip"},
                        "is for discrete steps; add --steps N");
  }
  if (command.run.n_steps && is_given(command, "time")) {
    throw Error(ErrorCode::kUsage, "time: is for the continuous flow; leave out --steps or --time");
  }
  gan::require_options_of(kind, command.given);
  if (is_given(command, "variance") && command.options.energy_l2 == 0.0) {
    throw Error(ErrorCode::kUsage, "variance: requires --energy-l2 above 0, which multiplies it");
  }
}

void run(DynamicsCommand command) {
  const auto kind = base::value_of<gan::DiracKind>("system", gan::kDiracKinds, command.system);
  const gan::DiracSystem system = gan::dirac_system(kind, command.options);
  validate(command, kind);
  command.run.turns = base::value_of<gan::Turns>("turns", gan::kTurns, command.turns);
  if (!command.out.empty()) report::require_output(command.out, {report::OutputKind::kPng});
  const gan::DiracPath path = gan::run_dirac(system, command.run);
  if (!command.out.empty()) {
    report::write_png(command.out, gan::phase_portrait(system, path, command.system));
  }
  const gan::DiracReport report{.system = command.system,
                                .turns = command.turns,
                                .run = command.run,
                                .picture = command.out,
                                .rows = gan::figures_along(path, kTableRows),
                                .local = gan::analyse_run(system, command.run)};
  if (command.json) return print_json(gan::dirac_json(report));
  std::printf("%s", gan::dirac_text(report).c_str());
}

}  // namespace

void add_gan_dynamics(CLI::App& gan) {
  auto command = std::make_shared<DynamicsCommand>();
  CLI::App* sub =
      gan.add_subcommand("dynamics", "Training dynamics of the Dirac-GAN and its variants");
  sub->add_option("--system", command->system, "one of the list below")
      ->type_name("NAME")
      ->required();
  sub->add_option("--phi", command->run.phi, "initial critic, F1,F2,...")
      ->delimiter(',')
      ->capture_default_str();
  sub->add_option("--theta", command->run.theta, "initial generated point, F1,F2,...")
      ->delimiter(',')
      ->capture_default_str();
  sub->add_option("--time", command->run.time, "length of the continuous flow")
      ->capture_default_str();
  const char* group = "Discrete steps";
  sub->add_option("--steps", command->run.n_steps, "number of steps, instead of --time")
      ->group(group);
  sub->add_option("--step-size", command->run.step_size, "step size")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--turns", command->turns, "simultaneous, or alternating: theta first")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--clip", command->options.clip, "bound on entries of phi after a step [none]")
      ->group(group);
  group = "Parameters of systems";
  sub->add_option("--penalty", command->options.penalty,
                  "lambda, weight of the gradient penalty (half the gamma of R1)")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--qp-scale", command->options.qp_scale, "gan-qp: scale")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--restart-probability", command->options.restart_probability,
                  "ebm: p, the fraction of chains that restart")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--walk", command->options.walk, "ebm: Langevin steps times step size")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--refresh", command->options.refresh,
                  "ebm: batch/(buffer * learning rate), the rate at which the buffer is renewed")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--energy-l2", command->options.energy_l2, "ebm: alpha")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--variance", command->options.chain_variance,
                  "ebm: variance of chains and of noise on the data")
      ->capture_default_str()
      ->group(group);
  sub->add_option("--out", command->out, "FILE.png: a phase portrait")->type_name("FILE");
  add_json(*sub, command->json);
  sub->footer(gan::describe_dirac_systems());
  cli::add_examples(*sub,
                    {"ebm gan dynamics --system wgan --time 50 --out portrait.png",
                     "ebm gan dynamics --system ns --penalty 0.1 --steps 500 --turns alternating"});
  sub->callback([command, sub] {
    command->given = cli::given_options(*sub);
    run(*command);
  });
}

}  // namespace ebm::app
