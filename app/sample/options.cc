#include "app/sample/options.h"

#include "app/command_line.h"
#include "app/target/open_target.h"
#include "models/toys/toy_energy.h"

namespace ebm::app {
namespace {

void add_target_options(CLI::App& sub, SampleCommand& command) {
  const char* group = "Energy and starts";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  sub.add_option("MODEL", command.model, kModelHelp)->type_name("");
  add("--energy", command.energy, "toy:NAME[,KEY=VALUE]..., as listed below, instead of MODEL")
      ->type_name("TOY");
  add("--class", command.klass,
      "classes of a conditional MODEL: names or labels as 3 or 0,1,2, all, or none; --n chains "
      "each, in this order; rows of a picture are classes [none]")
      ->type_name("LIST");
  add("--guidance", command.guidance.weight,
      "guidance scale W of --class: E(x, none) + W*(E(x, class) - E(x, none)) [the model's own]");
  add("--guidance-start", command.guidance.start,
      "gradient-flow: time from which W counts; before it E(x, class) [the model's own]");
  add("--guidance-end", command.guidance.end,
      "gradient-flow: time until which W counts; after it E(x, class) [the model's own]");
  add("--init", command.init,
      "where chains start: noise (uniform on the box; N(0, I) without one), replay (replay buffer "
      "of the checkpoint), data, or FILE.npy")
      ->type_name("START")
      ->capture_default_str();
  add("--data", command.data, "data of --init data [the training data]")->type_name("SPEC");
  add("--n", command.n, "number of chains")->capture_default_str();
  add_seed(sub, command.seed)->group(group);
}

void add_walk_options(CLI::App& sub, SampleCommand& command) {
  const char* group = "Steps and output";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  add("--steps", command.steps, "steps per chain [the model's own; toys 1000]");
  add_burn_in(sub, command.burn_in, group);
  add("--target-acceptance", command.target_acceptance,
      "acceptance rate for --adapt [mala 0.574; hmc, nuts 0.8]");
  add("--adapt-out", command.adapt_out, "FILE.json for the result of --adapt, to use as --adapted")
      ->type_name("FILE");
  add("--out", command.out,
      "FILE.png or FILE.npy for the last states [samples.png if no output is asked for and the "
      "states can be drawn; an existing file is kept: samples-2.png, ...]")
      ->type_name("FILE");
  add("--trace", command.trace,
      "FILE for all draws: .npy [steps / thinning, n, dim]; .csv, a row for each draw of a chain; "
      ".nc, NetCDF as ArviZ reads it")
      ->type_name("FILE");
  add("--energy-trace", command.energy_trace, "FILE.npy for their energies, [steps / thinning, n]")
      ->type_name("FILE");
  add("--thinning", command.thinning, "steps between draws of --trace and --diagnose [1]")
      ->type_name("INT");
  sub.add_flag("--diagnose", command.diagnose,
               "print means, errors, effective sample sizes, R-hat and warnings")
      ->group(group);
  add_threads(sub, command.threads)->group(group);
  add_evaluated_by(sub, command.by, group);
  add_json(sub, command.json)->group(group);
}

}  // namespace

void add_sample_options(CLI::App& sub, SampleCommand& command) {
  add_target_options(sub, command);
  add_walk_options(sub, command);
  add_sampler_options(sub, command.sampler);
  sub.footer("Toys: --energy toy:NAME[,KEY=VALUE]..., with their keys and defaults\n" +
             models::describe_toy_energies());
}

}  // namespace ebm::app
