#include "flow/open_flow.h"

#include <memory>

#include "data/item_shape.h"
#include "flow/flow_energy.h"
#include "flow/flow_model.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::flow {
namespace {

/// What its metadata say.
std::string data_of(const nets::ModelFile& file) {
  const auto data = file.tensors.metadata.find("data");
  return data == file.tensors.metadata.end() ? "" : data->second;
}

}  // namespace

models::EnergyModel open_flow_energy(const nets::ModelFile& file) {
  torch_nets::use_one_intraop_thread();
  const ResidualFlow flow = flow_of(file.tensors, file.origin);
  const nets::Shape& item = flow.architecture().item;
  samplers::SamplerSettings settings;
  // Beyond, a logit leaves no density.
  if (flow.architecture().logit > 0.0) settings.box = samplers::Box{-1.0f, 1.0f};
  return {.energy = std::make_shared<FlowEnergy>(flow),
          .settings = settings,
          .n_steps = 1000,
          .shape = {item.channels, item.height, item.width},
          .is_image = item.height > 1 || item.width > 1,
          .data = data_of(file),
          .checkpoint = {},
          .origin = file.origin};
}

OpenedFlow open_flow(const std::string& model, const nets::Warn& warn) {
  const nets::ModelFile file = models::read_named_model(model, warn);
  return {flow_of(file.tensors, file.origin), data_of(file), file.origin};
}

void require_items_of(const ResidualFlow& flow, const data::Dataset& dataset,
                      const std::string& spec) {
  const nets::Shape& item = flow.architecture().item;
  data::require_shape(dataset.shape, spec, {item.channels, item.height, item.width});
}

}  // namespace ebm::flow
