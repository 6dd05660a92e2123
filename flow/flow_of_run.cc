#include "flow/flow_of_run.h"

#include <utility>

#include "flow/flow_energy.h"
#include "flow/flow_model.h"
#include "flow/flow_noise.h"
#include "flow/open_flow.h"
#include "models/open_model.h"
#include "nets/files/model_part.h"

namespace ebm::flow {
namespace {

/// A file of the checkpoint.
nets::SafetensorsFile file_of(const FlowOfRun& source, const std::string& name) {
  return nets::parse_safetensors(nets::file_of(source.checkpoint->files, name, source.run),
                                 source.run + "/" + name);
}

}  // namespace

std::unique_ptr<training::NoiseDistribution> noise_of_run(const FlowOfRun& source, int n_threads) {
  const ResidualFlow flow = source.checkpoint
                                ? flow_of(file_of(source, training::kNoiseFile), source.run)
                                : open_flow(source.model).flow;
  require_items_of(flow, source.dataset, source.data);
  return flow_noise(flow, source.data, n_threads);
}

training::BaseMeasure base_of_run(const FlowOfRun& source) {
  std::string origin = source.run;
  std::optional<nets::SafetensorsFile> file;
  if (source.checkpoint) {
    nets::SafetensorsFile model = file_of(source, "model.safetensors");
    file = nets::take_part(nets::kBasePart, model);
  }
  if (!file) {
    nets::ModelFile given = models::read_named_model(source.model);
    origin = given.origin;
    file = std::move(given.tensors);
  }
  const ResidualFlow flow = flow_of(*file, origin);
  require_items_of(flow, source.dataset, source.data);
  return training::BaseMeasure{std::make_shared<FlowEnergy>(flow), std::move(*file)};
}

}  // namespace ebm::flow
