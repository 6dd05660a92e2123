#include "ebm/train_state.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "nets/files/model_part.h"
#include "training/ema.h"

namespace ebm {
using nets::SafetensorsFile;

TrainState::TrainState(const TrainOptions& options, const nets::Architecture& architecture,
                       std::vector<std::string> class_names)
    : net(architecture, static_cast<std::uint64_t>(options.seed)),
      average(net),
      adam(net.trainable(), options.adam()),
      class_names_(std::move(class_names)),
      classify_weight_(options.classify_weight),
      data_sd_(options.data_sd),
      one_log_z_(objective_entry(options.objective).one_log_z),
      label_dropout_(options.has_classes() ? std::optional(options.label_dropout) : std::nullopt) {}

SafetensorsFile TrainState::model_of(const training::TrainedNet& weights,
                                     const nets::SamplerRecipe& recipe,
                                     const std::string& data) const {
  SafetensorsFile file =
      nets::model_file(weights.architecture(), recipe, data,
                       {.tensors = weights.to_tensor_data(), .metadata = {}}, class_names_);
  if (classify_weight_ > 0.0) {
    file.metadata[nets::kClassifyWeightKey] = base::exact_text(classify_weight_);
  }
  if (data_sd_ > 0.0) file.metadata[nets::kDataSdKey] = base::exact_text(data_sd_);
  if (one_log_z_) file.metadata[nets::kOneLogZKey] = "true";
  if (label_dropout_) file.metadata[nets::kLabelDropoutKey] = base::exact_text(*label_dropout_);
  return file;
}

void TrainState::start_average() { average = net; }

void TrainState::update_average(std::int64_t iteration, double decay) {
  training::update_average(net.trainable_values(), iteration, decay, average.trainable_values());
  const training::TensorViews from = net.buffers(), to = average.buffers();
  for (std::size_t i = 0; i < from.size(); ++i) std::ranges::copy(from[i], to[i].begin());
}

SafetensorsFile TrainState::model(const nets::SamplerRecipe& recipe, const std::string& data,
                                  const std::optional<training::BaseMeasure>& base) const {
  SafetensorsFile file = model_of(average, recipe, data);
  if (base) nets::add_part(nets::kBasePart, base->file, file);
  return file;
}

nets::CheckpointFiles TrainState::to_files(const nets::SamplerRecipe& recipe,
                                           const std::string& data,
                                           const std::optional<training::BaseMeasure>& base) const {
  return {{"model.safetensors", nets::safetensors_bytes(model(recipe, data, base))},
          {"weights.safetensors", nets::safetensors_bytes(model_of(net, recipe, data))},
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
