#include "app/train/command.h"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/flow/data.h"
#include "app/target/torch_device.h"
#include "app/train/training_run.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "data/load_dataset.h"
#include "ebm/gaussian_noise.h"
#include "ebm/trainer.h"
#include "flow/flow_energy.h"
#include "flow/flow_model.h"
#include "flow/flow_noise.h"
#include "models/open_model.h"
#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/checkpoint_folder.h"
#include "nets/files/model.h"
#include "nets/files/model_part.h"
#include "training/run_folder.h"

namespace ebm::app {
namespace {

constexpr const char* kNetFile = "net.toml";
/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 10> kTrainFlags{
    "data", "net",     "objective", "iterations", "minutes",
    "seed", "threads", "device",    "backend",    "features"};

nets::Architecture read_architecture(const TrainOptions& options, const data::Dataset& dataset,
                                     const TrainArgs& words) {
  const nets::Shape input{dataset.shape.channels, dataset.shape.height, dataset.shape.width};
  if (const auto saved = resumed_file(words, kNetFile)) {
    return nets::architecture_from_toml(*saved, words.out + "/" + kNetFile, input);
  }
  if (options.net.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_file(options.net), options.net, input);
  }
  return nets::preset(options.net, input);
}

/// The newest intact checkpoint of a run that is resumed, if it has any.
std::optional<nets::FoundCheckpoint> resumed_checkpoint(const TrainArgs& words) {
  if (!words.resume) return std::nullopt;
  const auto folder = training::RunFolder(words.out).checkpoints();
  if (nets::list_checkpoints(folder).empty()) return std::nullopt;
  // What is wrong with others is told when training goes on from them.
  return nets::newest_checkpoint(folder, [](const std::string&) {});
}

/// The flow that is the noise. A run whose noise learns goes on with that of its checkpoints,
/// whatever has become of the first file.
std::unique_ptr<training::NoiseDistribution> flow_noise_of(const TrainOptions& options,
                                                           const data::Dataset& dataset,
                                                           const TrainArgs& words) {
  const auto checkpoint = options.has_learned_noise() ? resumed_checkpoint(words)
                                                      : std::optional<nets::FoundCheckpoint>();
  const flow::ResidualFlow flow =
      checkpoint ? flow::flow_of(nets::parse_safetensors(
                                     nets::file_of(checkpoint->files, flow::kNoiseFile, words.out),
                                     words.out + "/" + flow::kNoiseFile),
                                 words.out)
                 : open_flow(options.noise);
  require_items_of(flow, dataset, options.data);
  return flow::flow_noise(flow, options.data, static_cast<int>(options.threads));
}

/// The noise of an objective that needs some.
std::unique_ptr<training::NoiseDistribution> noise_of(const TrainOptions& options,
                                                      const data::Dataset& dataset,
                                                      const TrainArgs& words) {
  if (options.needs().negatives != NegativeSource::kNoise) return nullptr;
  if (options.noise != TrainOptions::kGaussianNoise) return flow_noise_of(options, dataset, words);
  return gaussian_noise(dataset, static_cast<std::uint64_t>(options.seed));
}

/// What the model tilts, if it does. A run goes on with the flow that it began with, which is in
/// its checkpoints, whatever has become of the first file.
std::optional<training::BaseMeasure> base_of(const TrainOptions& options,
                                             const data::Dataset& dataset, const TrainArgs& words) {
  if (options.base.empty()) return std::nullopt;
  std::string origin = words.out;
  std::optional<nets::SafetensorsFile> file;
  if (const auto checkpoint = resumed_checkpoint(words)) {
    const std::string name = "model.safetensors";
    nets::SafetensorsFile model = nets::parse_safetensors(
        nets::file_of(checkpoint->files, name, words.out), words.out + "/" + name);
    file = nets::take_part(nets::kBasePart, model);
  }
  if (!file) {
    nets::ModelFile given = models::read_named_model(options.base);
    origin = given.origin;
    file = std::move(given.tensors);
  }
  const flow::ResidualFlow flow = flow::flow_of(*file, origin);
  require_items_of(flow, dataset, options.data);
  return training::BaseMeasure{std::make_shared<flow::FlowEnergy>(flow), std::move(*file)};
}

int run_train(const TrainArgs& words) {
  TrainOptions options;
  training::ConfigTable table = options.table();
  read_settings(words, table);
  if (options.data.empty()) throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC");
  const data::Dataset dataset = data::load_dataset(options.data);
  options.resolve(dataset.is_image, table);
  options.validate();
  require_device(options.device == torch::kCUDA ? "cuda" : "cpu");
  const nets::Architecture architecture = read_architecture(options, dataset, words);
  std::optional<evaluation::LiveQuality> quality;
  if (options.evaluations().period > 0) {
    quality =
        open_quality(options.features, "eval_budget = " + base::number_text(options.eval_budget),
                     options.quality(), dataset);
  }
  const std::unique_ptr<training::NoiseDistribution> noise = noise_of(options, dataset, words);
  Trainer trainer(options, architecture, dataset,
                  {.quality = quality ? &*quality : nullptr,
                   .noise = noise.get(),
                   .base = base_of(options, dataset, words)});
  const int exit_code =
      run_training(words, {.learner = trainer,
                           .table = table,
                           .options = options.loop(),
                           .dataset = dataset,
                           .quality = quality ? &*quality : nullptr,
                           .files = {{kNetFile, nets::architecture_to_toml(architecture)}}});
  if (options.has_learned_noise()) {
    nets::CheckpointFiles files;
    noise->add_to(files);
    base::write_file_atomically(std::filesystem::path(words.out) / flow::kNoiseFile,
                                files[flow::kNoiseFile]);
  }
  return exit_code;
}

}  // namespace

void add_train_command(CLI::App& app, int& exit_code) {
  auto words = std::make_shared<TrainArgs>();
  CLI::App* sub = app.add_subcommand("train", "Train a model on a data set");
  TrainOptions defaults;
  add_training_options(*sub, defaults.table(), kTrainFlags, "quick, good", *words);
  sub->callback([words, &exit_code] { exit_code = run_train(*words); });
}

}  // namespace ebm::app
