#include "ebm/train_state.h"

#include <cstring>
#include <utility>

#include "base/error.h"
#include "nets/files/model_part.h"

namespace ebm {
namespace {
using nets::SafetensorsFile;
using nets::TensorData;

SafetensorsFile replay_file(const replay::ReplayBuffer& buffer) {
  const replay::ReplayState& state = buffer.state();
  const auto& options = buffer.options();
  const std::vector<std::int64_t> shape{options.capacity, options.item_size};
  SafetensorsFile file;
  TensorData items;
  items.dtype = options.storage == replay::Storage::kFloat32 ? nets::DType::kF32 : nets::DType::kU8;
  items.shape = shape;
  items.bytes = state.items;
  file.tensors.emplace("items", std::move(items));
  file.tensors.emplace("ages", TensorData::from_int64s({options.capacity}, state.ages));
  file.tensors.emplace(
      "context", TensorData::from_floats({options.capacity, options.context_dim}, state.context));
  const std::int64_t counters[] = {state.size, state.cursor, state.n_stored};
  file.tensors.emplace("counters", TensorData::from_int64s({3}, counters));
  return file;
}

replay::ReplayState replay_state(const SafetensorsFile& file) {
  replay::ReplayState state;
  state.items = file.tensor("items").bytes;
  const auto ages = file.tensor("ages").as_int64s();
  state.ages.assign(ages.begin(), ages.end());
  const auto context = file.tensor("context").as_floats();
  state.context.assign(context.begin(), context.end());
  const auto counters = file.tensor("counters").as_int64s();
  if (counters.size() != 3) throw Error(ErrorCode::kBadData, "its counters are not three");
  state.size = counters[0];
  state.cursor = counters[1];
  state.n_stored = counters[2];
  return state;
}

SafetensorsFile model_of_net(const torch_nets::TorchNet& net, const nets::SamplerRecipe& recipe,
                             const std::string& data) {
  return nets::model_file(net.architecture(), recipe, data,
                          {.tensors = net.to_tensor_data(), .metadata = {}});
}

}  // namespace

TrainState::TrainState(const TrainOptions& options, const nets::Architecture& architecture,
                       bool is_image)
    : net(std::make_shared<torch_nets::TorchNet>(architecture,
                                                 static_cast<std::uint64_t>(options.seed))),
      average(std::make_shared<torch_nets::TorchNet>(architecture,
                                                     static_cast<std::uint64_t>(options.seed))),
      adam((net->to(torch::Device(options.device)), net->trainable_names()), net->trainable(),
           options.adam()),
      guard(options.guard()) {
  average->to(torch::Device(options.device));
  net->set_intraop_threads(static_cast<int>(options.intraop_threads));
  if (options.has_buffer()) buffer.emplace(options.replay(architecture.input.size(), is_image));
}

SafetensorsFile TrainState::model(const nets::SamplerRecipe& recipe, const std::string& data,
                                  const SafetensorsFile* base) const {
  SafetensorsFile file = model_of_net(*average, recipe, data);
  if (base != nullptr) nets::add_part(nets::kBasePart, *base, file);
  return file;
}

nets::CheckpointFiles TrainState::to_files(const nets::SamplerRecipe& recipe,
                                           const std::string& data, const SafetensorsFile* base,
                                           bool scheduled) const {
  nets::CheckpointFiles files{
      {"model.safetensors", nets::safetensors_bytes(model(recipe, data, base))},
      {"weights.safetensors", nets::safetensors_bytes(model_of_net(*net, recipe, data))},
      {"optimizer.safetensors", nets::safetensors_bytes(adam.state())}};
  if (buffer) files.emplace("replay.safetensors", nets::safetensors_bytes(replay_file(*buffer)));
  files.emplace("state.json", training::state_json(counters, guard, scheduled));
  return files;
}

void TrainState::restore(const nets::CheckpointFiles& files, const std::string& origin,
                         const SafetensorsFile* base) {
  const auto tensors = [&](const char* name) {
    return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
  };
  const auto weights = [&](const char* name, const SafetensorsFile& file) {
    return torch_nets::TorchNet(net->architecture(), file, origin + "/" + name);
  };
  training::restore_state(files, origin, counters, guard);
  SafetensorsFile saved_model = tensors("model.safetensors");
  const auto saved_base = nets::take_part(nets::kBasePart, saved_model);
  if (base != nullptr ? saved_base != *base : saved_base.has_value()) {
    throw Error(ErrorCode::kUsage, origin + ": the base measure of that run is another one");
  }
  net->copy_from(weights("weights.safetensors", tensors("weights.safetensors")));
  average->copy_from(weights("model.safetensors", saved_model));
  adam.restore(tensors("optimizer.safetensors"), origin + "/optimizer.safetensors");
  if (buffer) buffer->restore(replay_state(tensors("replay.safetensors")));
}

}  // namespace ebm
