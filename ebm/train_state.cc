#include "ebm/train_state.h"

#include <algorithm>

#include "base/error.h"
#include "nets/files/model_part.h"
#include "training/ema.h"

namespace ebm {
namespace {

using nets::SafetensorsFile;

SafetensorsFile model_of_net(const training::TrainedNet& net, const nets::SamplerRecipe& recipe,
                             const std::string& data) {
  return nets::model_file(net.architecture(), recipe, data,
                          {.tensors = net.to_tensor_data(), .metadata = {}});
}

}  // namespace

TrainState::TrainState(const TrainOptions& options, const nets::Architecture& architecture)
    : net(architecture, static_cast<std::uint64_t>(options.seed)),
      average(net),
      adam(net.trainable(), options.adam()) {}

void TrainState::start_average() { average = net; }

void TrainState::update_average(std::int64_t iteration, double decay) {
  training::update_average(net.trainable_values(), iteration, decay, average.trainable_values());
  const training::TensorViews from = net.buffers(), to = average.buffers();
  for (std::size_t i = 0; i < from.size(); ++i) std::ranges::copy(from[i], to[i].begin());
}

SafetensorsFile TrainState::model(const nets::SamplerRecipe& recipe, const std::string& data,
                                  const std::optional<training::BaseMeasure>& base) const {
  SafetensorsFile file = model_of_net(average, recipe, data);
  if (base) nets::add_part(nets::kBasePart, base->file, file);
  return file;
}

nets::CheckpointFiles TrainState::to_files(const nets::SamplerRecipe& recipe,
                                           const std::string& data,
                                           const std::optional<training::BaseMeasure>& base) const {
  return {{"model.safetensors", nets::safetensors_bytes(model(recipe, data, base))},
          {"weights.safetensors", nets::safetensors_bytes(model_of_net(net, recipe, data))},
          {"optimizer.safetensors", nets::safetensors_bytes(adam.state())}};
}

void TrainState::restore(const nets::CheckpointFiles& files, const std::string& origin,
                         const std::optional<training::BaseMeasure>& base) {
  const auto tensors = [&](const char* name) {
    return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
  };
  SafetensorsFile saved_model = tensors("model.safetensors");
  const auto saved_base = nets::take_part(nets::kBasePart, saved_model);
  if (base ? saved_base != base->file : saved_base.has_value()) {
    throw Error(ErrorCode::kUsage, origin + ": the base measure of that run is another one");
  }
  net.restore(tensors("weights.safetensors"), origin + "/weights.safetensors");
  average.restore(saved_model, origin + "/model.safetensors");
  adam.restore(tensors("optimizer.safetensors"), origin + "/optimizer.safetensors");
}

}  // namespace ebm
