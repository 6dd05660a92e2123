#include "app/gan/train.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "app/train/torch_parts.h"
#include "app/train/training_run.h"
#include "cli/help_text.h"
#include "gan/gan_options.h"
#include "gan/gan_trainer.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/spectral_norms.h"
#include "nets/files/architecture_toml.h"
#include "training/data_learner.h"

namespace ebm::app {
namespace {

constexpr const char* kGeneratorFile = "generator.toml";
constexpr const char* kCriticFile = "critic.toml";
/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 9> kGanTrainFlags{"data",      "generator",  "critic",
                                                         "objective", "iterations", "minutes",
                                                         "seed",      "threads",    "features"};

nets::Architecture read_critic(const TrainArgs& args, const gan::GanOptions& options,
                               const nets::Shape& item) {
  nets::Architecture critic = training::network_of_run(
      args, kCriticFile, options.critic, item, [&] { return nets::preset(options.critic, item); });
  // That of the run folder has its norms already.
  const bool is_new = !args.resumed_file(kCriticFile);
  return is_new && options.spectral_norm == gan::SpectralNorm::kForward
             ? nets::with_spectral_norms(std::move(critic))
             : critic;
}

int run_gan_train(const TrainArgs& args) {
  const training::PreparedRun<gan::GanOptions> run(args);
  const gan::GanOptions& options = run.options;
  const nets::Shape item = training::input_shape(run.dataset);
  const nets::Architecture generator = training::network_of_run(
      args, kGeneratorFile, options.generator, {options.latent_dim, 1, 1},
      [&] { return nets::generator_preset(options.generator, options.latent_dim, item); },
      nets::Outputs::kAny);
  const nets::Architecture critic = read_critic(args, options, item);
  gan::GanTrainer trainer(options, generator, critic, run.dataset,
                          evaluation::reference_to(run.quality));
  return run_training(args, run.session(args, trainer,
                                        {{kGeneratorFile, nets::architecture_to_toml(generator)},
                                         {kCriticFile, nets::architecture_to_toml(critic)}}));
}

}  // namespace

void add_gan_train(CLI::App& gan, int& exit_code) {
  auto args = std::make_shared<TrainArgs>();
  set_libtorch(*args);
  CLI::App* sub = gan.add_subcommand("train", "Train a GAN on a data set");
  add_train_args(*sub, gan::GanOptions().table(), kGanTrainFlags, {"wgan-gp", "meg"}, *args);
  cli::add_examples(*sub, {"ebm gan train wgan-gp --data fashion-mnist --out run",
                           "ebm gan train --data toy:25gaussians --objective ns --out run"});
  sub->callback([args, &exit_code] { exit_code = run_gan_train(*args); });
}

}  // namespace ebm::app
