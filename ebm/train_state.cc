#include "ebm/train_state.h"

#include "base/error.h"
#include "nets/files/model_part.h"

namespace ebm {
namespace {

using nets::SafetensorsFile;

SafetensorsFile model_of_net(const torch_nets::TorchNet& net, const nets::SamplerRecipe& recipe,
                             const std::string& data) {
  return nets::model_file(net.architecture(), recipe, data,
                          {.tensors = net.to_tensor_data(), .metadata = {}});
}

}  // namespace

TrainState::TrainState(const TrainOptions& options, const nets::Architecture& architecture)
    : net(std::make_shared<torch_nets::TorchNet>(architecture,
                                                 static_cast<std::uint64_t>(options.seed))),
      average(std::make_shared<torch_nets::TorchNet>(architecture,
                                                     static_cast<std::uint64_t>(options.seed))),
      adam((net->to(torch::Device(options.device)), net->trainable_names()), net->trainable(),
           options.adam()) {
  average->to(torch::Device(options.device));
  net->set_intraop_threads(static_cast<int>(options.intraop_threads));
}

SafetensorsFile TrainState::model(const nets::SamplerRecipe& recipe, const std::string& data,
                                  const std::optional<training::BaseMeasure>& base) const {
  SafetensorsFile file = model_of_net(*average, recipe, data);
  if (base) nets::add_part(nets::kBasePart, base->file, file);
  return file;
}

nets::CheckpointFiles TrainState::to_files(const nets::SamplerRecipe& recipe,
                                           const std::string& data,
                                           const std::optional<training::BaseMeasure>& base) const {
  return {{"model.safetensors", nets::safetensors_bytes(model(recipe, data, base))},
          {"weights.safetensors", nets::safetensors_bytes(model_of_net(*net, recipe, data))},
          {"optimizer.safetensors", nets::safetensors_bytes(adam.state())}};
}

void TrainState::restore(const nets::CheckpointFiles& files, const std::string& origin,
                         const std::optional<training::BaseMeasure>& base) {
  const auto tensors = [&](const char* name) {
    return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
  };
  const auto weights = [&](const char* name, const SafetensorsFile& file) {
    return torch_nets::TorchNet(net->architecture(), file, origin + "/" + name);
  };
  SafetensorsFile saved_model = tensors("model.safetensors");
  const auto saved_base = nets::take_part(nets::kBasePart, saved_model);
  if (base ? saved_base != base->file : saved_base.has_value()) {
    throw Error(ErrorCode::kUsage, origin + ": the base measure of that run is another one");
  }
  net->copy_from(weights("weights.safetensors", tensors("weights.safetensors")));
  average->copy_from(weights("model.safetensors", saved_model));
  adam.restore(tensors("optimizer.safetensors"), origin + "/optimizer.safetensors");
}

}  // namespace ebm
