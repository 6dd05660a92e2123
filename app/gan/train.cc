#include "app/gan/train.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/train/training_run.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "data/load_dataset.h"
#include "gan/gan_options.h"
#include "gan/gan_trainer.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/spectral_norms.h"
#include "nets/files/architecture_toml.h"

namespace ebm::app {
namespace {

constexpr const char* kGeneratorFile = "generator.toml";
constexpr const char* kCriticFile = "critic.toml";
/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 9> kGanTrainFlags{"data",      "generator",  "critic",
                                                         "objective", "iterations", "minutes",
                                                         "seed",      "threads",    "features"};

nets::Architecture read_generator(const gan::GanOptions& options, const nets::Shape& item,
                                  const TrainArgs& words) {
  const nets::Shape latent{options.latent_dim, 1, 1};
  if (const auto saved = resumed_file(words, kGeneratorFile)) {
    return nets::architecture_from_toml(*saved, words.out + "/" + kGeneratorFile, latent,
                                        nets::Outputs::kAny);
  }
  if (options.generator.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_file(options.generator), options.generator,
                                        latent, nets::Outputs::kAny);
  }
  return nets::generator_preset(options.generator, options.latent_dim, item);
}

nets::Architecture read_critic(const gan::GanOptions& options, const nets::Shape& item,
                               const TrainArgs& words) {
  if (const auto saved = resumed_file(words, kCriticFile)) {
    return nets::architecture_from_toml(*saved, words.out + "/" + kCriticFile, item);
  }
  nets::Architecture critic =
      options.critic.ends_with(".toml")
          ? nets::architecture_from_toml(base::read_file(options.critic), options.critic, item)
          : nets::preset(options.critic, item);
  return options.spectral_norm == gan::SpectralNorm::kForward
             ? nets::with_spectral_norms(std::move(critic))
             : critic;
}

int run_gan_train(const TrainArgs& words) {
  gan::GanOptions options;
  training::ConfigTable table = options.table();
  read_settings(words, table);
  if (options.data.empty()) throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC");
  const data::Dataset dataset = data::load_dataset(options.data);
  options.resolve(dataset, table);
  options.validate();
  const nets::Shape item{dataset.shape.channels, dataset.shape.height, dataset.shape.width};
  const nets::Architecture generator = read_generator(options, item, words);
  const nets::Architecture critic = read_critic(options, item, words);
  std::optional<evaluation::LiveQuality> quality;
  if (options.evaluations().period > 0) {
    quality =
        open_quality(options.features, "eval_budget = " + base::number_text(options.eval_budget),
                     options.quality(), dataset);
  }
  gan::GanTrainer trainer(options, generator, critic, dataset, quality ? &*quality : nullptr);
  return run_training(words, {.learner = trainer,
                              .table = table,
                              .options = options.loop(),
                              .dataset = dataset,
                              .quality = quality ? &*quality : nullptr,
                              .files = {{kGeneratorFile, nets::architecture_to_toml(generator)},
                                        {kCriticFile, nets::architecture_to_toml(critic)}}});
}

}  // namespace

void add_gan_train(CLI::App& gan, int& exit_code) {
  auto words = std::make_shared<TrainArgs>();
  CLI::App* sub = gan.add_subcommand("train", "Play a critic against a generator on a data set");
  gan::GanOptions defaults;
  add_training_options(*sub, defaults.table(), kGanTrainFlags, "wgan-gp, meg", *words);
  sub->callback([words, &exit_code] { exit_code = run_gan_train(*words); });
}

}  // namespace ebm::app
