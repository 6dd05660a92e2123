#include "ebm/runs/energy_run.h"

#include <cstdint>
#include <filesystem>
#include <utility>

#include "base/atomic_file.h"
#include "ebm/conditioned_net.h"
#include "ebm/gaussian_noise.h"
#include "ebm/trainer.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/checkpoint_folder.h"
#include "training/data_learner.h"
#include "training/runs/prepared_run.h"

namespace ebm {
namespace {

constexpr const char* kNetFile = "net.toml";

/// The noise of an objective that needs some.
std::unique_ptr<training::NoiseDistribution> noise_of(const TrainOptions& options,
                                                      const data::Dataset& dataset,
                                                      const training::RunRequest& request,
                                                      const TorchParts* torch) {
  if (options.needs().negatives != NegativeSource::kNoise) return nullptr;
  if (options.noise != TrainOptions::kGaussianNoise) {
    return torch->noise(options, dataset, request);
  }
  return gaussian_noise(dataset, static_cast<std::uint64_t>(options.seed));
}

}  // namespace

std::vector<std::string> energy_recipes() {
  return {"quick", "good", "classes", "denoising", "energy-matching"};
}

void run_energy_training(training::RunRequest& request, const TorchParts* torch,
                         const std::function<void(const std::string& setting)>& without_torch,
                         const std::function<void(const training::TrainingSession&)>& train) {
  const training::PreparedRun<TrainOptions> run(request, [&](const TrainOptions& options) {
    const std::string setting = options.torch_setting();
    if (setting.empty()) return;
    if (torch == nullptr) without_torch(setting);
    request.libtorch = torch->version;
  });
  const TrainOptions& options = run.options;
  const data::Dataset& dataset = run.dataset;
  const nets::Shape input = training::input_shape(dataset);
  const nets::Architecture architecture = training::network_of_run(
      request, kNetFile, options.net, input, [&] { return conditioned_preset(options, dataset); });
  const auto noise = noise_of(options, dataset, request, torch);
  TrainerParts parts{.quality = evaluation::reference_to(run.quality)};
  if (noise) parts.noise = *noise;
  if (!options.base.empty()) parts.base = torch->base(options, dataset, request);
  if (options.backend == Backend::kTorch) parts.torch = torch->backend(options);
  Trainer trainer(options, architecture, dataset, std::move(parts));
  train(run.session(request, trainer, {{kNetFile, nets::architecture_to_toml(architecture)}}));
  if (!options.has_learned_noise()) return;
  nets::CheckpointFiles files;
  noise->add_to(files);
  base::write_file_atomically(std::filesystem::path(request.out) / training::kNoiseFile,
                              files[training::kNoiseFile]);
}

}  // namespace ebm
