#include "app/train/torch_parts.h"

#include <torch/version.h>

#include "flow/flow_of_run.h"
#include "nets/files/checkpoint_folder.h"
#include "torch_nets/torch_script_features.h"
#include "torch_nets/training_backend.h"
#include "training/run_folder.h"

namespace ebm::app {
namespace {

/// A flow that is part of the run.
/// @param goes_on  with the flow of its checkpoints
flow::FlowOfRun flow_of_run(const std::string& model, const TrainOptions& options,
                            const data::Dataset& dataset, const training::RunRequest& request,
                            bool goes_on) {
  const auto folder = std::filesystem::path(request.out) / "checkpoints";
  std::optional<nets::FoundCheckpoint> newest;
  if (goes_on && request.resume && !nets::list_checkpoints(folder).empty()) {
    // Damaged checkpoints are reported when training resumes.
    newest = nets::newest_checkpoint(folder, [](const std::string&) {});
  }
  return {.model = model,
          .checkpoint = std::move(newest),
          .run = request.out,
          .dataset = dataset,
          .data = options.data};
}

std::unique_ptr<training::NoiseDistribution> noise(const TrainOptions& options,
                                                   const data::Dataset& dataset,
                                                   const training::RunRequest& request) {
  return flow::noise_of_run(
      flow_of_run(options.noise, options, dataset, request, options.has_learned_noise()),
      static_cast<int>(options.threads));
}

std::optional<training::BaseMeasure> base(const TrainOptions& options, const data::Dataset& dataset,
                                          const training::RunRequest& request) {
  return flow::base_of_run(flow_of_run(options.base, options, dataset, request, true));
}

}  // namespace

const TorchParts& torch_parts() {
  static const TorchParts parts{.version = TORCH_VERSION,
                                .open_script = torch_nets::torch_script_features,
                                .backend = torch_nets::training_backend,
                                .noise = noise,
                                .base = base};
  return parts;
}

void set_libtorch(TrainArgs& args) {
  args.libtorch = torch_parts().version;
  args.open_script = torch_parts().open_script;
}

}  // namespace ebm::app
