#include "gan/gan_state.h"

#include <utility>

#include "torch_nets/tensor_views.h"

namespace ebm::gan {
namespace {

/// Networks start from other numbers than each other.
constexpr std::uint64_t kCriticSeed = std::uint64_t{1} << 63;
constexpr std::uint64_t kEstimatorSeed = std::uint64_t{1} << 62;

}  // namespace

GanState::GanState(const GanOptions& options, const nets::Architecture& generator_net,
                   const nets::Architecture& critic_net)
    : generator(generator_net, static_cast<std::uint64_t>(options.seed), nets::Outputs::kAny),
      average(generator_net, static_cast<std::uint64_t>(options.seed), nets::Outputs::kAny),
      critic(critic_net, static_cast<std::uint64_t>(options.seed) ^ kCriticSeed),
      generator_adam(
          torch_nets::trained_tensors(generator.trainable_names(), generator.trainable()),
          options.adam()),
      critic_adam(torch_nets::trained_tensors(critic.trainable_names(), critic.trainable()),
                  options.adam()) {
  if (options.entropy_weight == 0.0) return;
  estimator.emplace(critic_net, generator_net.input,
                    static_cast<std::uint64_t>(options.seed) ^ kEstimatorSeed);
  estimator_adam.emplace(
      torch_nets::trained_tensors(estimator->trainable_names(), estimator->trainable()),
      options.adam());
}

GanModel model_of(const torch_nets::TorchNet& sampler, const torch_nets::TorchNet& critic,
                  const std::string& data) {
  return {.generator = sampler.architecture(),
          .critic = critic.architecture(),
          .generator_weights = {.tensors = sampler.to_tensor_data(), .metadata = {}},
          .critic_weights = {.tensors = critic.to_tensor_data(), .metadata = {}},
          .data = data,
          .origin = {}};
}

nets::CheckpointFiles GanState::to_files(const torch_nets::TorchNet& sampler,
                                         const std::string& data) const {
  const auto bytes = [&](const torch_nets::TorchNet& from) {
    return nets::safetensors_bytes(gan_file(model_of(from, critic, data)));
  };
  nets::CheckpointFiles files{
      {"model.safetensors", bytes(sampler)},
      {"weights.safetensors", bytes(generator)},
      {"generator_optimizer.safetensors", nets::safetensors_bytes(generator_adam.state())},
      {"critic_optimizer.safetensors", nets::safetensors_bytes(critic_adam.state())},
  };
  if (estimator) {
    files.emplace("estimator.safetensors", nets::safetensors_bytes(estimator->state()));
    files.emplace("estimator_optimizer.safetensors",
                  nets::safetensors_bytes(estimator_adam->state()));
  }
  return files;
}

void GanState::restore(const nets::CheckpointFiles& files, const std::string& origin) {
  const auto tensors = [&](const char* name) {
    return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
  };
  const auto restore_net = [&](torch_nets::TorchNet& net, const nets::SafetensorsFile& file,
                               const char* name, nets::Outputs outputs) {
    net.copy_from(torch_nets::TorchNet(net.architecture(), file, origin + "/" + name, outputs));
  };
  const GanModel weights = gan_model_of(tensors("weights.safetensors"), origin);
  const GanModel model = gan_model_of(tensors("model.safetensors"), origin);
  restore_net(generator, weights.generator_weights, "weights.safetensors", nets::Outputs::kAny);
  restore_net(critic, weights.critic_weights, "weights.safetensors", nets::Outputs::kEnergy);
  restore_net(average, model.generator_weights, "model.safetensors", nets::Outputs::kAny);
  generator_adam.restore(tensors("generator_optimizer.safetensors"),
                         origin + "/generator_optimizer.safetensors");
  critic_adam.restore(tensors("critic_optimizer.safetensors"),
                      origin + "/critic_optimizer.safetensors");
  if (!estimator) return;
  estimator->restore(tensors("estimator.safetensors"), origin + "/estimator.safetensors");
  estimator_adam->restore(tensors("estimator_optimizer.safetensors"),
                          origin + "/estimator_optimizer.safetensors");
}

}  // namespace ebm::gan
