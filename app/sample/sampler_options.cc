#include "app/sample/sampler_options.h"

#include "cli/given_options.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::app {
namespace {

constexpr const char* kGroup = "Sampler";
constexpr const char* kOneGroup = "Options of single samplers";

}  // namespace

std::optional<std::string> given_sampler_option(const CLI::App& command) {
  const std::vector<std::string> given = cli::given_options(command, {kGroup, kOneGroup});
  return given.empty() ? std::nullopt : std::optional(given.front());
}

void add_burn_in(CLI::App& command, BurnIn& burn_in, const std::string& group) {
  command
      .add_option("--burn-in", burn_in.given,
                  "warm-up steps before those, discarded [0; 1000 with --adapt]")
      ->group(group);
  command
      .add_flag("--adapt", burn_in.adapts,
                "adapt step size and mass during burn-in (mala, hmc, nuts)")
      ->group(group);
}

void add_sampler_options(CLI::App& command, evaluation::SamplerOverrides& options,
                         const char* default_sampler, bool has_own) {
  const auto with_default = [&](const std::string& what, const std::string& value) {
    return what + " [" + (has_own ? "the model's own" : "") +
           (has_own && !value.empty() ? "; " : "") + value + "]";
  };
  std::string names;
  for (const std::string& name : samplers::sampler_names()) {
    names += (names.empty() ? "" : ", ") + name;
  }
  const char* group = kGroup;
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return command.add_option(name, value, what)->group(group);
  };
  add("--sampler", options.sampler, names + " [" + default_sampler + "]")->type_name("NAME");
  add("--step-size", options.step_size,
      with_default("step size", "0.01; 0.1 for hmc, nuts, underdamped"));
  add("--temperature", options.temperature,
      with_default("T of exp(-E/T); langevin: noise-scale = sqrt(2 * step-size * T)", "1"));
  add("--box", options.box, with_default("bounds of every coordinate", has_own ? "" : "none"))
      ->delimiter(',')
      ->expected(2)
      ->type_name("LOW,HIGH");
  add("--box-rule", options.box_rule,
      "clamp or reflect [reflect for mala, hmc (exact) and underdamped; else clamp]")
      ->type_name("RULE");
  add("--adapted", options.adapted, "FILE.json of --adapt-out: its step size and mass")
      ->type_name("FILE");
  group = kOneGroup;
  add("--noise-scale", options.noise_scale,
      with_default("langevin: instead of --temperature", has_own ? "" : "that of T"))
      ->excludes("--temperature");
  add("--clamp-energy-grad", options.clamp_energy_grad,
      with_default("langevin: clipping threshold of each entry of dE/dx, 0 for none", "0"));
  add("--leapfrog", options.leapfrog, "hmc: leapfrog steps per transition [10]");
  add("--jitter", options.jitter, "hmc: largest fraction by which a trajectory is shortened [0]");
  add("--max-tree-depth", options.max_tree_depth, "nuts: maximal doublings of a trajectory [10]");
  add("--friction", options.friction, "underdamped: friction coefficient, 1/time [1]");
  add("--momentum", options.momentum, "nesterov: momentum in [0, 1) [0.9]");
  add("--flow-time", options.flow_time,
      with_default("gradient-flow: time until Langevin steps follow the flow", "1"));
  add("--level-max", options.level_max,
      with_default(
          "annealed-langevin, probability-flow, ancestral, recovery: largest noise level sigma",
          "10"));
  add("--level-min", options.level_min,
      with_default("the same: smallest noise level sigma", "0.01"));
  add("--levels", options.levels,
      with_default("annealed-langevin, recovery: number of noise levels, geometrically spaced",
                   "50"));
  add("--inner", options.inner,
      "sampler inside parallel-tempering [mala] or annealed [langevin]; takes its own options")
      ->type_name("NAME");
  CLI::Option* ladder =
      add("--ladder", options.ladder,
          "parallel-tempering: temperatures as 2, 4, 8 or 16 increasing factors of T, the first 1 "
          "[1,2,4,8]")
          ->delimiter(',')
          ->type_name("1,F,...");
  add("--replicas", options.replicas,
      "parallel-tempering, instead of --ladder: number of temperatures, geometrically spaced [4]")
      ->excludes(ladder);
  add("--max-temperature", options.max_temperature,
      "parallel-tempering, instead of --ladder: largest factor [8]")
      ->excludes(ladder);
  add("--temperature-schedule", options.temperature_schedule,
      "annealed: geometric:FROM:TO or cosine:FROM:TO over all steps, or constant:VALUE [constant "
      "at T]")
      ->type_name("SCHEDULE");
  add("--step-schedule", options.step_schedule, "annealed: the same for the step size [constant]")
      ->type_name("SCHEDULE");
}

}  // namespace ebm::app
