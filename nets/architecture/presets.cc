#include "nets/architecture/presets.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/quote.h"

namespace ebm::nets {
namespace {

constexpr Activation kSilu{ActivationKind::kSilu, 0.0};
constexpr Activation kLeakyRelu{ActivationKind::kLeakyRelu, 0.2};

Conv2d square_conv(std::int64_t out_channels, std::int64_t kernel, std::int64_t stride,
                   std::int64_t pad) {
  Conv2d conv;
  conv.out_channels = out_channels;
  conv.kernel_height = conv.kernel_width = kernel;
  conv.stride = stride;
  conv.padding = {pad, pad, pad, pad};
  return conv;
}

// TensorFlow's SAME: out = ceil(in / stride), the odd zero at the end. The two pads of one axis.
std::pair<std::int64_t, std::int64_t> same_pads(std::int64_t size, std::int64_t kernel,
                                                std::int64_t stride) {
  const std::int64_t out = (size + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>((out - 1) * stride + kernel - size, 0);
  return {total / 2, total - total / 2};
}

std::vector<Layer> uva(const std::array<std::int64_t, 4>& channels, std::int64_t hidden) {
  return {square_conv(channels[0], 5, 2, 4),
          kSilu,
          square_conv(channels[1], 3, 2, 1),
          kSilu,
          square_conv(channels[2], 3, 2, 1),
          kSilu,
          square_conv(channels[3], 3, 2, 1),
          kSilu,
          Flatten{},
          Linear{.out_features = hidden},
          kSilu,
          Linear{.out_features = 1}};
}

std::vector<Layer> mnistnet(const Shape& input) {
  std::vector<Layer> layers;
  Shape shape = input;
  const auto add_conv = [&](std::int64_t out_channels, std::int64_t kernel, std::int64_t stride) {
    Conv2d conv = square_conv(out_channels, kernel, stride, 0);
    std::tie(conv.padding.top, conv.padding.bottom) = same_pads(shape.height, kernel, stride);
    std::tie(conv.padding.left, conv.padding.right) = same_pads(shape.width, kernel, stride);
    conv.bias = false;
    conv.spectral_norm = true;
    shape = output_shape(conv, shape, "mnistnet");
    layers.insert(layers.end(), {conv, kLeakyRelu});
  };
  add_conv(64, 3, 1);
  add_conv(64, 4, 2);
  add_conv(128, 4, 2);
  add_conv(256, 4, 2);
  Linear dense{.out_features = 128};
  dense.spectral_norm = true;
  layers.insert(layers.end(), {Flatten{}, dense, kLeakyRelu, Linear{.out_features = 1}});
  return layers;
}

std::vector<Layer> igebm32() {
  Conv2d first = square_conv(128, 3, 1, 1);
  first.bias = false;
  first.spectral_norm = true;
  std::vector<Layer> layers = {first, kLeakyRelu};

  struct Block {
    std::int64_t in, out;
    bool halved;
  };
  constexpr std::array<Block, 6> kBlocks = {{{128, 128, true},
                                             {128, 128, false},
                                             {128, 256, true},
                                             {256, 256, false},
                                             {256, 256, true},
                                             {256, 256, false}}};
  for (const Block& block : kBlocks) {
    Conv2d conv1 = square_conv(block.out, 3, 1, 1);
    conv1.spectral_norm = true;
    Conv2d conv2 = square_conv(block.out, 3, 1, 1);
    conv2.init_scale = 1e-10;
    Residual residual{{conv1, kLeakyRelu, conv2}, {}};
    if (block.in != block.out) {
      Conv2d bypass = conv1;
      bypass.bias = false;
      residual.shortcut = {bypass};
    }
    layers.emplace_back(std::move(residual));
    if (block.halved) layers.emplace_back(AvgPool{2, 2});
    layers.emplace_back(kLeakyRelu);
  }
  // The original applies ReLU to the last leaky ReLU, which is ReLU alone.
  layers.back() = Activation{ActivationKind::kRelu, 0.0};
  layers.insert(layers.end(), {SumPool{}, Linear{.out_features = 1}});
  return layers;
}

Conv2d down_conv(std::int64_t out_channels) { return square_conv(out_channels, 4, 2, 1); }

ConvTranspose2d up_conv(std::int64_t out_channels) {
  ConvTranspose2d conv;
  conv.out_channels = out_channels;
  conv.kernel_height = conv.kernel_width = 4;
  conv.stride = 2;
  conv.padding = {1, 1, 1, 1};
  return conv;
}

/// x plus two 3x3 convolutions of it.
Residual two_convs(std::int64_t channels) {
  return {{square_conv(channels, 3, 1, 1), kSilu, square_conv(channels, 3, 1, 1)}, {}};
}

/// Half the size with `channels`, a quarter with twice as many, and a skip connection around that.
std::vector<Layer> unet(const Shape& input, std::int64_t channels) {
  const std::int64_t twice = 2 * channels;
  return {down_conv(channels),
          kSilu,
          Concat{{down_conv(twice), kSilu, two_convs(twice), kSilu, up_conv(channels), kSilu}},
          square_conv(channels, 3, 1, 1),
          kSilu,
          up_conv(input.channels),
          InputEnergy{InputEnergyKind::kSquaredDistance}};
}

/// The whole size with `channels`, half of it with twice as many, a quarter with four times as
/// many, and skip connections around the lower ones.
std::vector<Layer> unet_of_three_sizes(const Shape& input, std::int64_t channels) {
  const std::int64_t twice = 2 * channels, most = 4 * channels;
  const Concat lowest{{down_conv(most), kSilu, two_convs(most), kSilu, two_convs(most), kSilu,
                       up_conv(twice), kSilu}};
  const Concat lower{{down_conv(twice), kSilu, two_convs(twice), kSilu, lowest,
                      square_conv(twice, 3, 1, 1), kSilu, up_conv(channels), kSilu}};
  return {square_conv(channels, 3, 1, 1),
          kSilu,
          lower,
          square_conv(channels, 3, 1, 1),
          kSilu,
          square_conv(input.channels, 3, 1, 1),
          InputEnergy{InputEnergyKind::kSquaredDistance}};
}

/// x plus a body of it behind a group norm.
Residual behind_norm(std::vector<Layer> body) {
  body.insert(body.begin(), GroupNorm{.groups = 4});
  return {std::move(body), {}};
}

Residual two_normed_convs(std::int64_t channels) {
  return behind_norm({kSilu, square_conv(channels, 3, 1, 1), GroupNorm{.groups = 4}, kSilu,
                      square_conv(channels, 3, 1, 1)});
}

/// unet_of_three_sizes() of residuals with group norms, and attention at the lowest size.
/// @param channels  a multiple of 4
std::vector<Layer> unet_with_attention(const Shape& input, std::int64_t channels) {
  const std::int64_t twice = 2 * channels, most = 4 * channels;
  const Concat lowest{{down_conv(most), two_normed_convs(most),
                       behind_norm({Attention{.heads = 4, .width = channels}}),
                       two_normed_convs(most), up_conv(twice)}};
  const Concat lower{{down_conv(twice), two_normed_convs(twice), lowest,
                      square_conv(twice, 3, 1, 1), two_normed_convs(twice), up_conv(channels)}};
  return {square_conv(channels, 3, 1, 1),
          lower,
          square_conv(channels, 3, 1, 1),
          GroupNorm{.groups = 4},
          kSilu,
          square_conv(input.channels, 3, 1, 1),
          InputEnergy{InputEnergyKind::kSquaredDistance}};
}

std::vector<Layer> dcgan(const Shape& input) {
  std::vector<Layer> layers;
  std::int64_t channels = 64;
  for (std::int64_t size = input.height; size > 7; size /= 2, channels *= 2) {
    layers.insert(layers.end(), {square_conv(channels, 4, 2, 1), kLeakyRelu});
  }
  layers.insert(layers.end(), {Flatten{}, Linear{.out_features = 1}});
  return layers;
}

std::vector<Layer> mlp(const Shape& input, const std::vector<std::int64_t>& widths,
                       Activation activation) {
  std::vector<Layer> layers;
  if (input.height != 1 || input.width != 1) layers.emplace_back(Flatten{});
  for (const std::int64_t hidden : widths) {
    layers.insert(layers.end(), {Linear{.out_features = hidden}, activation});
  }
  layers.emplace_back(Linear{.out_features = 1});
  return layers;
}

}  // namespace

std::vector<std::string> preset_names() {
  return {"uva",
          "uva-wide",
          "mnistnet",
          "igebm32",
          "dcgan",
          "unet",
          "unet-1m",
          "unet-3m",
          "unet-attention",
          "unet-attention-1m",
          "unet-attention-3m",
          "mlp",
          "mlp-silu"};
}

Architecture preset(std::string_view name, Shape input) {
  Architecture architecture{std::string(name), input, {}};
  if (name == "uva") {
    architecture.layers = uva({16, 32, 64, 64}, 64);
  } else if (name == "uva-wide") {
    architecture.layers = uva({32, 64, 64, 128}, 128);
  } else if (name == "mnistnet") {
    architecture.layers = mnistnet(input);
  } else if (name == "igebm32") {
    architecture.layers = igebm32();
  } else if (name == "dcgan") {
    architecture.layers = dcgan(input);
  } else if (name == "unet") {
    architecture.layers = unet(input, 32);
  } else if (name == "unet-1m") {
    architecture.layers = unet_of_three_sizes(input, 32);
  } else if (name == "unet-3m") {
    architecture.layers = unet_of_three_sizes(input, 52);
  } else if (name == "unet-attention") {
    architecture.layers = unet_with_attention(input, 12);
  } else if (name == "unet-attention-1m") {
    architecture.layers = unet_with_attention(input, 28);
  } else if (name == "unet-attention-3m") {
    architecture.layers = unet_with_attention(input, 48);
  } else if (name == "mlp") {
    architecture.layers = mlp(input, {32, 64, 64, 64}, {ActivationKind::kLeakyRelu, 0.05});
  } else if (name == "mlp-silu") {
    architecture.layers = mlp(input, {64, 64, 64}, kSilu);
  } else {
    const std::vector<std::string> names = preset_names();
    std::string list;
    for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
    const std::string nearest = base::nearest_name(name, names);
    throw Error(ErrorCode::kUsage, "unknown network " + base::quote(name) + "; known: " + list +
                                       (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
  }
  try {
    validate(architecture);
  } catch (const Error& error) {
    throw Error(error.code(), "network " + base::quote(name) + " does not fit an input of " +
                                  to_string(input) + ": " + error.what());
  }
  return architecture;
}

}  // namespace ebm::nets
