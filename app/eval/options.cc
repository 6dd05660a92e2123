#include "app/eval/options.h"

#include "app/command_line.h"
#include "evaluation/log_z_bounds.h"

namespace ebm::app {

void add_eval_options(CLI::App& sub, EvalCommand& command) {
  sub.add_option("MODEL", command.model, kModelHelp);
  sub.add_option("--samples", command.samples, "images to evaluate instead of a MODEL, as npy:FILE")
      ->type_name("SPEC");
  sub.add_option("--data", command.request.data, "training data [the model's own]")
      ->type_name("SPEC");
  sub.add_option("--ood", command.request.ood, "out-of-distribution images; may be repeated")
      ->type_name("SPEC")
      ->take_all()
      ->allow_extra_args(false);
  sub.add_option("--n", command.request.n, "images of each kind [2000, or all if fewer]");
  sub.add_option("--steps", command.request.steps, "Langevin steps per chain [the model's own]");
  sub.add_option("--long-run", command.request.long_run,
                 "steps of the long chains from noise; 0 disables them [10000]");
  sub.add_flag("--long", command.request.takes_long_fd,
               "FD and energy after 10 and 100 times the steps, too (takes 100 times as long)");
  sub.add_option("--temperatures", command.request.temperatures,
                 "temperatures of annealed importance sampling; 0 disables log Z [" +
                     std::to_string(evaluation::LogZBoundsOptions::kDefaultTemperatures) + "]");
  sub.add_option("--densities", command.request.densities,
                 "test images whose density is found, of a model with levels of noise [0]");
  sub.add_option("--features", command.request.features,
                 "feature network: .safetensors of ebm features train, or TorchScript .pt "
                 "[shipped]")
      ->type_name("FILE");
  add_seed(sub, command.request.seed);
  add_threads(sub, command.threads);
  add_evaluated_by(sub, command.by);
  sub.add_option("--out", command.out,
                 "FILE.json for the results; FILE-film.png shows chains over time")
      ->type_name("FILE");
  add_json(sub, command.json);
}

}  // namespace ebm::app
