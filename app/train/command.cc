#include "app/train/command.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "app/train/training_run.h"
#include "base/atomic_file.h"
#include "cli/help_text.h"
#include "ebm/conditioned_net.h"
#include "ebm/gaussian_noise.h"
#include "ebm/trainer.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/checkpoint_folder.h"
#include "training/data_learner.h"

namespace ebm::app {
namespace {

constexpr const char* kNetFile = "net.toml";
/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 11> kTrainFlags{
    "data",    "net",    "objective", "iterations", "minutes", "seed",
    "threads", "device", "backend",   "precision",  "features"};

/// The noise of an objective that needs some.
std::unique_ptr<training::NoiseDistribution> noise_of(const TrainOptions& options,
                                                      const data::Dataset& dataset,
                                                      const TrainArgs& args,
                                                      const TorchParts* torch) {
  if (options.needs().negatives != NegativeSource::kNoise) return nullptr;
  if (options.noise != TrainOptions::kGaussianNoise) return torch->noise(options, dataset, args);
  return gaussian_noise(dataset, static_cast<std::uint64_t>(options.seed));
}

int run_train(TrainArgs& args, const TorchParts* torch,
              const std::function<void(const std::string& setting)>& hand_over) {
  const PreparedRun<TrainOptions> run(args, [&](const TrainOptions& options) {
    const std::string setting = options.torch_setting();
    if (setting.empty()) return;
    if (torch == nullptr) hand_over(setting);
    args.libtorch = torch->version;
  });
  const TrainOptions& options = run.options;
  const data::Dataset& dataset = run.dataset;
  const nets::Shape input = training::input_shape(dataset);
  const nets::Architecture architecture = network_of_run(
      args, kNetFile, options.net, input, [&] { return conditioned_preset(options, dataset); });
  const auto noise = noise_of(options, dataset, args, torch);
  TrainerParts parts{.quality = evaluation::reference_to(run.quality)};
  if (noise) parts.noise = *noise;
  if (!options.base.empty()) parts.base = torch->base(options, dataset, args);
  if (options.backend == Backend::kTorch) parts.torch = torch->backend(options);
  Trainer trainer(options, architecture, dataset, std::move(parts));
  const int exit_code =
      run_training(args, run, trainer, {{kNetFile, nets::architecture_to_toml(architecture)}});
  if (options.has_learned_noise()) {
    nets::CheckpointFiles files;
    noise->add_to(files);
    base::write_file_atomically(std::filesystem::path(args.out) / training::kNoiseFile,
                                files[training::kNoiseFile]);
  }
  return exit_code;
}

}  // namespace

void add_train_command(CLI::App& app, int& exit_code, const TorchParts* torch,
                       const std::function<void(const std::string& setting)>& hand_over) {
  auto args = std::make_shared<TrainArgs>();
  if (torch != nullptr) args->open_script = torch->open_script;
  CLI::App* sub = app.add_subcommand("train", "Train an energy-based model on a data set");
  add_train_args(*sub, TrainOptions().table(), kTrainFlags,
                 {"quick", "good", "classes", "denoising", "energy-matching"}, *args);
  cli::add_examples(*sub,
                    {"ebm train quick --data fashion-mnist --out run",
                     "ebm train --data images:photos#size=32 --net igebm32 --minutes 60 --out run",
                     "ebm train --resume --out run"});
  sub->callback([=, &exit_code] { exit_code = run_train(*args, torch, hand_over); });
}

}  // namespace ebm::app
