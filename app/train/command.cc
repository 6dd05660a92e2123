#include "app/train/command.h"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/command_summaries.h"
#include "app/target/torch_device.h"
#include "app/train/training_run.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "cli/help_text.h"
#include "ebm/gaussian_noise.h"
#include "ebm/trainer.h"
#include "flow/flow_noise.h"
#include "flow/flow_of_run.h"
#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/checkpoint_folder.h"
#include "training/run_folder.h"

namespace ebm::app {
namespace {

constexpr const char* kNetFile = "net.toml";
/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 10> kTrainFlags{
    "data", "net",     "objective", "iterations", "minutes",
    "seed", "threads", "device",    "backend",    "features"};

/// The newest intact checkpoint of a run that is resumed, if it has any.
std::optional<nets::FoundCheckpoint> resumed_checkpoint(const TrainArgs& args) {
  if (!args.resume) return std::nullopt;
  const auto folder = training::RunFolder(args.out).checkpoints();
  if (nets::list_checkpoints(folder).empty()) return std::nullopt;
  // Damaged checkpoints are reported when training resumes.
  return nets::newest_checkpoint(folder, [](const std::string&) {});
}

/// A flow that is part of the run.
/// @param goes_on  with the flow of its checkpoints
flow::FlowOfRun flow_of_run(const std::string& model, const TrainOptions& options,
                            const data::Dataset& dataset, const TrainArgs& args, bool goes_on) {
  return {.model = model,
          .checkpoint = goes_on ? resumed_checkpoint(args) : std::nullopt,
          .run = args.out,
          .dataset = dataset,
          .data = options.data};
}

/// The noise of an objective that needs some.
std::unique_ptr<training::NoiseDistribution> noise_of(const TrainOptions& options,
                                                      const data::Dataset& dataset,
                                                      const TrainArgs& args) {
  if (options.needs().negatives != NegativeSource::kNoise) return nullptr;
  if (options.noise != TrainOptions::kGaussianNoise) {
    return flow::noise_of_run(
        flow_of_run(options.noise, options, dataset, args, options.has_learned_noise()),
        static_cast<int>(options.threads));
  }
  return gaussian_noise(dataset, static_cast<std::uint64_t>(options.seed));
}

/// The base measure, if options.base names one.
std::optional<training::BaseMeasure> base_of(const TrainOptions& options,
                                             const data::Dataset& dataset, const TrainArgs& args) {
  if (options.base.empty()) return std::nullopt;
  return flow::base_of_run(flow_of_run(options.base, options, dataset, args, true));
}

int run_train(const TrainArgs& args) {
  const PreparedRun<TrainOptions> run(args);
  const TrainOptions& options = run.options;
  const data::Dataset& dataset = run.dataset;
  require_device(options.device);
  const nets::Shape input = input_shape(dataset);
  const nets::Architecture architecture = network_of_run(
      args, kNetFile, options.net, input, [&] { return nets::preset(options.net, input); });
  const std::unique_ptr<training::NoiseDistribution> noise = noise_of(options, dataset, args);
  Trainer trainer(options, architecture, dataset,
                  {.quality = run.quality_or_null(),
                   .noise = noise ? NoiseReference(*noise) : std::nullopt,
                   .base = base_of(options, dataset, args)});
  const int exit_code =
      run_training(args, run, trainer, {{kNetFile, nets::architecture_to_toml(architecture)}});
  if (options.has_learned_noise()) {
    nets::CheckpointFiles files;
    noise->add_to(files);
    base::write_file_atomically(std::filesystem::path(args.out) / flow::kNoiseFile,
                                files[flow::kNoiseFile]);
  }
  return exit_code;
}

}  // namespace

void add_train_command(CLI::App& app, int& exit_code) {
  auto args = std::make_shared<TrainArgs>();
  CLI::App* sub = add_command(app, kTrain);
  add_train_args(*sub, TrainOptions().table(), kTrainFlags, {"quick", "good"}, *args);
  cli::add_examples(*sub,
                    {"ebm train quick --data fashion-mnist --out run",
                     "ebm train --data images:photos#size=32 --net igebm32 --minutes 60 --out run",
                     "ebm train --resume --out run"});
  sub->callback([args, &exit_code] { exit_code = run_train(*args); });
}

}  // namespace ebm::app
