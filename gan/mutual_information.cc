#include "gan/mutual_information.h"

#include <cmath>
#include <utility>
#include <variant>

#include "base/error.h"

namespace ebm::gan {
namespace {

constexpr std::int64_t kOutputs = 32;
constexpr std::int64_t kHidden = 64;

void drop_norms(std::vector<nets::Layer>& layers) {
  for (nets::Layer& layer : layers) {
    if (auto* conv = std::get_if<nets::Conv2d>(&layer.op)) conv->spectral_norm = false;
    if (auto* linear = std::get_if<nets::Linear>(&layer.op)) linear->spectral_norm = false;
    if (auto* residual = std::get_if<nets::Residual>(&layer.op)) {
      drop_norms(residual->body);
      drop_norms(residual->shortcut);
    }
  }
}

nets::Architecture item_net(nets::Architecture critic) {
  auto* last =
      critic.layers.empty() ? nullptr : std::get_if<nets::Linear>(&critic.layers.back().op);
  if (last == nullptr) {
    throw Error(ErrorCode::kUsage,
                "entropy_weight: the critic has to end with a linear layer, as its layers but that "
                "one look at the items");
  }
  *last = nets::Linear{.out_features = kOutputs};
  // Norms bound the critic's gradient; an estimator of information has no such bound.
  drop_norms(critic.layers);
  return critic;
}

nets::Architecture latent_net(const nets::Shape& latents) {
  return {.name = "latent",
          .input = latents,
          .layers = {nets::Linear{.out_features = kHidden}, nets::Activation{},
                     nets::Linear{.out_features = kHidden}, nets::Activation{},
                     nets::Linear{.out_features = kOutputs}}};
}

nets::SafetensorsFile part_of(const nets::SafetensorsFile& file, const std::string& prefix) {
  nets::SafetensorsFile part;
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) part.tensors.emplace(name.substr(prefix.size()), tensor);
  }
  return part;
}

}  // namespace

MutualInformation::MutualInformation(const nets::Architecture& critic, const nets::Shape& latents,
                                     std::uint64_t seed)
    : item_(item_net(critic), seed, nets::Outputs::kAny),
      latent_(latent_net(latents), seed + 1, nets::Outputs::kAny) {}

torch::Tensor MutualInformation::estimate(const torch::Tensor& latents,
                                          const torch::Tensor& items) const {
  const auto f = item_.outputs_with(item_.layer_weights(), items);
  const auto g = latent_.outputs_with(latent_.layer_weights(), latents);
  const double scale = 1.0 / std::sqrt(static_cast<double>(kOutputs));
  const auto together = (f * g).sum(1) * scale;
  const auto apart = (f * g.roll(-1, 0)).sum(1) * scale;
  return -torch::softplus(-together).mean() - torch::softplus(apart).mean();
}

std::vector<torch::Tensor> MutualInformation::trainable() const {
  std::vector<torch::Tensor> all = item_.trainable();
  for (const torch::Tensor& each : latent_.trainable()) all.push_back(each);
  return all;
}

std::vector<std::string> MutualInformation::trainable_names() const {
  std::vector<std::string> all;
  for (const auto& name : item_.trainable_names()) all.push_back("item." + name);
  for (const auto& name : latent_.trainable_names()) all.push_back("latent." + name);
  return all;
}

nets::SafetensorsFile MutualInformation::state() const {
  nets::SafetensorsFile file;
  for (auto& [name, tensor] : item_.to_tensor_data()) file.tensors.emplace("item." + name, tensor);
  for (auto& [name, tensor] : latent_.to_tensor_data()) {
    file.tensors.emplace("latent." + name, tensor);
  }
  return file;
}

void MutualInformation::restore(const nets::SafetensorsFile& state, const std::string& origin) {
  const auto restore_net = [&](torch_nets::TorchNet& net, const std::string& prefix) {
    net.copy_from(torch_nets::TorchNet(net.architecture(), part_of(state, prefix), origin,
                                       nets::Outputs::kAny));
  };
  restore_net(item_, "item.");
  restore_net(latent_, "latent.");
}

}  // namespace ebm::gan
