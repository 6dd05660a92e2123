#include "app/restore/options.h"

#include "app/command_line.h"
#include "evaluation/restoration/observation_operator.h"

namespace ebm::app {
namespace {

void add_observation_options(CLI::App& sub, RestoreCommand& command) {
  const char* group = "Model and observation";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  sub.add_option("MODEL", command.model, kModelHelp)->required()->type_name("");
  add("--observed", command.observed,
      "observations y: FILE.npy, a picture or a SPEC; with --simulate the true images x")
      ->type_name("SPEC")
      ->required();
  add("--operator", command.request.operator_text,
      "forward operator A of y = A x + noise, as listed below")
      ->type_name("OPERATOR")
      ->required();
  add("--noise-sd", command.request.noise_sd,
      "standard deviation of the noise on y, for images in [-1, 1]; 0 with a mask: visible pixels "
      "stay fixed")
      ->required();
  sub.add_flag("--simulate", command.simulates,
               "make y from the images of --observed by the operator and random noise")
      ->group(group);
  add("--truth", command.truth, "true images, for PSNR, SSIM and coverage")->type_name("SPEC");
  add("--data", command.data, "training images for the baselines [the model's]")->type_name("SPEC");
  sub.add_flag("--no-baselines", command.has_no_baselines,
               "leave out the baselines: mean and nearest training image, total variation, bicubic")
      ->group(group);
}

void add_walk_options(CLI::App& sub, RestoreCommand& command) {
  const char* group = "Samples and output";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  add("--n", command.request.n, "samples of each image")->capture_default_str();
  add("--strength", command.request.strength,
      "weight of the likelihood |A x - y|^2 in the energy; 1 is the posterior at the temperature "
      "of the sampler")
      ->capture_default_str();
  add("--init", command.request.init,
      "where chains start: observation (noise projected onto A x = y), noise, nearest (the nearest "
      "training images, one per chain) or total-variation")
      ->type_name("START")
      ->capture_default_str();
  add("--steps", command.request.steps, "steps per chain [the model's own]");
  add_burn_in(sub, command.burn_in, group);
  add("--out", command.out,
      "FILE.npy, samples [images, n, c, h, w], or FILE.png: observed, samples, mean, spread, "
      "baselines, truth; beside RUN/restore.png or RUN/restore-NAME.png of a run, a .json for "
      "its page")
      ->type_name("FILE")
      ->required();
  add("--mean", command.mean_out, "FILE.npy for the means of the samples, [images, c, h, w]")
      ->type_name("FILE");
  add("--spread", command.spread_out, "FILE.npy for their standard deviations, [images, c, h, w]")
      ->type_name("FILE");
  add_seed(sub, command.request.seed)->group(group);
  add_threads(sub, command.threads)->group(group);
  add_evaluated_by(sub, command.by, group);
  add_json(sub, command.json)->group(group);
}

}  // namespace

void add_restore_options(CLI::App& sub, RestoreCommand& command) {
  add_observation_options(sub, command);
  add_walk_options(sub, command);
  add_sampler_options(sub, command.request.sampler);
  sub.footer("Operators:\n" + evaluation::describe_observation_operators());
}

}  // namespace ebm::app
