#include "nets/architecture/generator_presets.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "base/require.h"

namespace ebm::nets {
namespace {

constexpr Activation kRelu{ActivationKind::kRelu, 0.0};
constexpr Activation kTanh{ActivationKind::kTanh, 0.0};

bool is_point(const Shape& shape) { return shape.height == 1 && shape.width == 1; }

/// How often the map of a linear layer is doubled on the way to an image of 28x28 or 32x32.
int doublings(const Shape& output) { return output.height == 28 ? 2 : 3; }

Shape start_of(const Shape& output, std::int64_t channels) {
  const int n = doublings(output);
  return {channels, output.height >> n, output.width >> n};
}

std::vector<Layer> mlp_generator(const Shape& output) {
  std::vector<Layer> layers;
  for (int i = 0; i < 2; ++i) {
    layers.emplace_back(Linear{.out_features = 128});
    layers.emplace_back(kRelu);
  }
  layers.emplace_back(Linear{.out_features = output.size()});
  if (is_point(output)) return layers;
  layers.emplace_back(Reshape{output});
  layers.emplace_back(kTanh);
  return layers;
}

ConvTranspose2d doubling(std::int64_t out_channels) {
  return {.out_channels = out_channels,
          .kernel_height = 4,
          .kernel_width = 4,
          .stride = 2,
          .padding = {1, 1, 1, 1}};
}

std::vector<Layer> dcgan_generator(const Shape& output) {
  const int n = doublings(output);
  const Shape start = start_of(output, std::int64_t{32} << n);
  std::vector<Layer> layers{Linear{.out_features = start.size()}, Reshape{start}};
  for (int i = n - 1; i >= 0; --i) {
    layers.emplace_back(BatchNorm{});
    layers.emplace_back(kRelu);
    layers.emplace_back(doubling(i == 0 ? output.channels : std::int64_t{32} << i));
  }
  layers.emplace_back(kTanh);
  return layers;
}

Conv2d conv3(std::int64_t out_channels) {
  return {
      .out_channels = out_channels, .kernel_height = 3, .kernel_width = 3, .padding = {1, 1, 1, 1}};
}

template <class Norm>
std::vector<Layer> resnet(const Shape& output) {
  constexpr std::int64_t kChannels = 64;
  const Shape start = start_of(output, kChannels);
  std::vector<Layer> layers{Linear{.out_features = start.size()}, Reshape{start}};
  for (int i = 0; i < doublings(output); ++i) {
    layers.emplace_back(Residual{
        .body = {Norm{}, kRelu, Upsample{2}, conv3(kChannels), Norm{}, kRelu, conv3(kChannels)},
        .shortcut = {Upsample{2}}});
  }
  for (const Layer& layer : std::vector<Layer>{Norm{}, kRelu, conv3(output.channels), kTanh}) {
    layers.push_back(layer);
  }
  return layers;
}

}  // namespace

std::vector<std::string> generator_preset_names() {
  return {"mlp", "dcgan28", "resnet28", "selfmod28", "dcgan32", "resnet32", "selfmod32"};
}

Architecture generator_preset(std::string_view name, std::int64_t latent_dim, const Shape& output) {
  base::require_at_least("latent_dim", latent_dim, 1);
  const std::vector<std::string> names = generator_preset_names();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    std::string known;
    for (const auto& each : names) known += (known.empty() ? "" : ", ") + each;
    throw Error(ErrorCode::kUsage,
                "generator = " + base::quote(name) + ": must be one of " + known);
  }
  Architecture architecture{.name = std::string(name), .input = {latent_dim, 1, 1}, .layers = {}};
  if (name == "mlp") {
    architecture.layers = mlp_generator(output);
    return architecture;
  }
  const std::int64_t size = name.ends_with("28") ? 28 : 32;
  if (output.height != size || output.width != size) {
    throw Error(ErrorCode::kShape, "generator = " + std::string(name) + ": makes images of " +
                                       std::to_string(size) + "x" + std::to_string(size) +
                                       "; the data are " + to_string(output));
  }
  architecture.layers = name.starts_with("dcgan")    ? dcgan_generator(output)
                        : name.starts_with("resnet") ? resnet<BatchNorm>(output)
                                                     : resnet<SelfModulatedBatchNorm>(output);
  return architecture;
}

}  // namespace ebm::nets
