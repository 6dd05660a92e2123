#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// Networks of all layers and odd sizes, the same for the same seed.
class RandomArchitecture {
 public:
  explicit RandomArchitecture(std::uint32_t seed, bool only_smooth = true)
      : only_smooth_(only_smooth), generator_(seed) {}

  Architecture draw() {
    Architecture net;
    net.name = "random";
    net.input = {pick({1, 1, 2, 3, 5}), range(1, 13), range(1, 13)};
    shape_ = net.input;
    const std::int64_t n_layers = range(1, 6);
    for (std::int64_t i = 0; i < n_layers; ++i) append(net.layers, layer(1));
    if (range(0, 3) == 0) append(net.layers, SumPool{});
    if (shape_.height * shape_.width > 1) append(net.layers, Flatten{});
    Linear last;
    last.bias = range(0, 1) == 1;
    net.layers.emplace_back(last);
    if (range(0, 7) == 0) net.layers.emplace_back(activation());
    return net;
  }

  /// As draw(), with classes, a noise level or both, which films read at any place, inside of
  /// residual layers too, and classes one of the three kinds of ends.
  Architecture draw_conditional() {
    Architecture net;
    net.name = "conditional";
    net.input = {pick({1, 1, 2, 3, 5}), range(1, 13), range(1, 13)};
    const std::int64_t kind = range(0, 3);
    net.classes = kind == 0 ? 0 : range(1, 12);
    net.noise_level = kind <= 1;
    shape_ = net.input;
    has_films_ = true;
    has_level_ = net.noise_level;
    for (std::int64_t i = range(1, 5); i > 0; --i) {
      append(net.layers, layer(1));
      if (range(0, 1) == 0) append(net.layers, film());
    }
    if (net.noise_level) append(net.layers, film());
    if (range(0, 3) == 0) append(net.layers, SumPool{});
    if (shape_.height * shape_.width > 1) append(net.layers, Flatten{});
    const std::int64_t end = net.classes == 0 ? 0 : range(0, 2);
    if (end == 0) {
      append(net.layers, film());
      append(net.layers, Linear{.out_features = 1, .bias = range(0, 1) == 1});
    } else if (end == 1) {
      append(net.layers, Projection{});
    } else {
      append(net.layers, Linear{.out_features = net.classes});
      append(net.layers, ClassLogits{});
    }
    if (range(0, 7) == 0) net.layers.emplace_back(activation());
    has_films_ = false;
    return net;
  }

  /// 3x3 convolutions of stride 1 and many channels, on images of odd sizes and any padding.
  Architecture draw_wide() {
    Architecture net;
    net.name = "wide";
    net.input = {range(16, 40), range(5, 17), range(5, 17)};
    shape_ = net.input;
    for (std::int64_t i = range(1, 2); i > 0; --i) {
      Conv2d conv = same_conv(range(16, 70), 3);
      conv.padding = {range(0, 3), range(0, 3), range(0, 3), range(0, 3)};
      conv.bias = range(0, 2) > 0;
      append(net.layers, conv);
      if (range(0, 3) > 0) append(net.layers, activation());
      if (range(0, 1) == 0) {
        const std::int64_t channels = shape_.channels;
        Residual residual{{same_conv(channels, 3), activation(), same_conv(channels, 3)}, {}};
        if (range(0, 1) == 0) residual.shortcut = {same_conv(channels, 3)};
        append(net.layers, std::move(residual));
        if (range(0, 1) == 0) append(net.layers, activation());
      }
      if (range(0, 1) == 0) append(net.layers, AvgPool{2, range(1, 2)});
      if (shape_.height < 5 || shape_.width < 5) break;
    }
    append(net.layers, Flatten{});
    append(net.layers, Linear{});
    return net;
  }

  /// Convolutions of stride 2 and many channels, and such as lead back.
  Architecture draw_halving(bool with_norm) {
    Architecture net;
    net.name = "halving";
    net.input = {range(20, 40), range(12, 18), range(12, 18)};
    shape_ = net.input;
    const auto halving = [&](auto layer) {
      layer.out_channels = range(40, 80);
      layer.kernel_height = pick({3, 4, 4, 4});
      layer.kernel_width = pick({3, 4, 4, 4});
      layer.stride = 2;
      layer.padding = {range(0, 2), range(0, 2), range(0, 2), range(0, 2)};
      layer.bias = range(0, 2) > 0;
      return layer;
    };
    append(net.layers, halving(Conv2d{}));
    append(net.layers, activation());
    append(net.layers, halving(ConvTranspose2d{}));
    if (with_norm) append(net.layers, BatchNorm{});
    append(net.layers, activation());
    append(net.layers, Flatten{});
    append(net.layers, Linear{});
    return net;
  }

  /// What a generator and a critic behind it are made of: a flat input that becomes a map, which
  /// grows.
  Architecture draw_growing(bool with_norms) {
    Architecture net;
    net.name = "growing";
    net.input = {range(1, 12), 1, 1};
    shape_ = net.input;
    const auto finish = [&](std::vector<Layer>& layers) {
      if (with_norms && range(0, 2) > 0) {
        if (range(0, 1) == 0) {
          append(layers, BatchNorm{});
        } else {
          append(layers, SelfModulatedBatchNorm{range(1, 9)});
        }
      }
      const Activation tanh{ActivationKind::kTanh, 0.0};
      if (range(0, 3) > 0) append(layers, range(0, 1) == 0 ? tanh : activation());
    };
    const Shape map{range(1, 20), range(1, 3), range(1, 3)};
    if (range(0, 4) > 0) {
      append(net.layers, Linear{.out_features = map.size()});
      append(net.layers, Reshape{map});
    }
    for (std::int64_t i = range(1, 3); i > 0; --i) {
      if (range(0, 2) == 0) {
        append(net.layers, Upsample{i == 1 ? range(1, 3) : 2});
        append(net.layers, same_conv(range(1, 20)));
      } else {
        append(net.layers, transposed_conv());
      }
      finish(net.layers);
      if (range(0, 3) == 0) {
        Residual residual;
        const Shape start = shape_;
        finish(residual.body);
        append(residual.body, Upsample{2});
        append(residual.body, same_conv(shape_.channels));
        finish(residual.body);
        shape_ = start;
        residual.shortcut = {Upsample{2}};
        append(net.layers, std::move(residual));
      }
    }
    if (range(0, 1) == 0) append(net.layers, conv());
    append(net.layers, Flatten{});
    append(net.layers, Linear{});
    return net;
  }

  /// A U-Net: skip connections around what halves an image and doubles it again, and one or two
  /// energies of the network's input and a map of its shape.
  /// @param with_level  whether films read a noise level
  Architecture draw_unet(bool with_level = false) {
    Architecture net;
    net.name = "unet";
    net.input = {pick({1, 1, 2, 3}), 2 * range(1, 6), 2 * range(1, 6)};
    net.noise_level = has_level_ = has_films_ = with_level;
    shape_ = net.input;
    if (range(0, 2) > 0) append(net.layers, same_conv(range(1, 20)));
    if (with_level) append(net.layers, film());
    if (range(0, 1) == 0) append(net.layers, activation());
    append(net.layers, concat(1));
    if (range(0, 1) == 0) append(net.layers, activation());
    const auto end = [&](std::vector<Layer>& layers) {
      append(layers, same_conv(net.input.channels));
      if (range(0, 3) == 0) append(layers, activation());
      append(layers, InputEnergy{range(0, 1) == 0 ? InputEnergyKind::kInnerProduct
                                                  : InputEnergyKind::kSquaredDistance});
    };
    if (range(0, 3) > 0) {
      end(net.layers);
    } else {
      Residual two;
      const Shape start = shape_;
      end(two.body);
      shape_ = start;
      end(two.shortcut);
      shape_ = start;
      append(net.layers, std::move(two));
    }
    if (range(0, 3) == 0) append(net.layers, Activation{ActivationKind::kScale, 0.5});
    return net;
  }

 protected:
  std::int64_t range(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(generator_() % static_cast<std::uint32_t>(most - least + 1));
  }
  std::int64_t pick(std::vector<std::int64_t> values) {
    return values[static_cast<std::size_t>(range(0, static_cast<std::int64_t>(values.size()) - 1))];
  }

  void append(std::vector<Layer>& layers, Layer layer) {
    shape_ = output_shape(layer, shape_, "random");
    layers.push_back(std::move(layer));
  }

  Activation activation() {
    switch (range(0, only_smooth_ ? 2 : 4)) {
      case 0:
        return {ActivationKind::kSilu, 0.0};
      case 1:
        return {ActivationKind::kElu, 1.0};  // smooth at 0 with this alpha
      case 2:
        return {ActivationKind::kSoftplus, static_cast<double>(pick({1, 2})) + 0.5};
      case 3:
        return {ActivationKind::kRelu, 0.0};
      default:
        return {ActivationKind::kLeakyRelu, 0.2};
    }
  }

  Film film() {
    const Film film{.hidden = range(1, 20)};
    return has_level_ ? film : Film{};
  }

  Conv2d conv() {
    Conv2d conv;
    conv.out_channels = range(0, 4) == 0 ? range(1, 70) : range(1, 20);
    conv.padding = {range(0, 3), range(0, 3), range(0, 3), range(0, 3)};
    const auto kernel = [&](std::int64_t size) {
      return range(1, std::min<std::int64_t>(7, size));
    };
    conv.kernel_height = kernel(shape_.height + conv.padding.top + conv.padding.bottom);
    conv.kernel_width = kernel(shape_.width + conv.padding.left + conv.padding.right);
    conv.stride = range(1, 3);
    conv.bias = range(0, 2) > 0;
    const std::int64_t norm = range(0, 4);
    conv.spectral_norm = norm == 0;
    conv.weight_norm = norm == 1;
    return conv;
  }

  ConvTranspose2d transposed_conv() {
    ConvTranspose2d conv;
    conv.out_channels = range(0, 4) == 0 ? range(1, 70) : range(1, 20);
    conv.kernel_height = range(1, 5);
    conv.kernel_width = range(1, 5);
    conv.stride = range(1, 3);
    const auto cut = [&](std::int64_t size, std::int64_t kernel) {
      return range(0, std::min<std::int64_t>(2, ((size - 1) * conv.stride + kernel - 1) / 2));
    };
    conv.padding.top = cut(shape_.height, conv.kernel_height);
    conv.padding.bottom = cut(shape_.height, conv.kernel_height);
    conv.padding.left = cut(shape_.width, conv.kernel_width);
    conv.padding.right = cut(shape_.width, conv.kernel_width);
    conv.bias = range(0, 2) > 0;
    return conv;
  }

  /// A convolution that keeps height and width.
  Conv2d same_conv(std::int64_t out_channels) { return same_conv(out_channels, pick({1, 3, 5})); }
  static Conv2d same_conv(std::int64_t out_channels, std::int64_t kernel) {
    Conv2d conv;
    conv.out_channels = out_channels;
    conv.kernel_height = conv.kernel_width = kernel;
    const std::int64_t pad = conv.kernel_height / 2;
    conv.padding = {pad, pad, pad, pad};
    return conv;
  }

  Layer layer(int depth) {
    switch (range(0, depth < 3 ? 7 : 6)) {
      case 0:
      case 1:
      case 2:
        return conv();
      case 3:
      case 4:
        return activation();
      case 5: {
        AvgPool pool;
        pool.kernel = range(1, std::min<std::int64_t>({3, shape_.height, shape_.width}));
        pool.stride = range(1, 3);
        return pool;
      }
      case 6:
        if (shape_.height * shape_.width == 1) {
          Linear linear;
          linear.out_features = range(1, 40);
          const std::int64_t norm = range(0, 3);
          linear.spectral_norm = norm == 0;
          linear.weight_norm = norm == 1;
          return linear;
        }
        return conv();
      default:
        return residual(depth);
    }
  }

  Concat concat(int depth) {
    const Shape start = shape_;
    Concat result;
    if (range(0, 7) == 0) return result;  // each channel twice
    if (range(0, 2) == 0) append(result.body, activation());
    const bool halves = start.height % 2 == 0 && start.width % 2 == 0;
    if (halves && range(0, 3) > 0) {
      if (range(0, 1) == 0) {
        append(result.body, AvgPool{2, 2});
      } else {
        append(result.body, Conv2d{.out_channels = range(1, 24),
                                   .kernel_height = 4,
                                   .kernel_width = 4,
                                   .stride = 2,
                                   .padding = {1, 1, 1, 1}});
      }
      if (has_films_ && range(0, 1) == 0) append(result.body, film());
      append(result.body, activation());
      if (range(0, 1) == 0) append(result.body, residual(2));
      if (depth < 3) append(result.body, concat(depth + 1));
      if (range(0, 1) == 0) {
        append(result.body, Upsample{2});
        if (range(0, 1) == 0) append(result.body, same_conv(range(1, 20)));
      } else {
        ConvTranspose2d back;
        back.out_channels = range(1, 20);
        back.kernel_height = back.kernel_width = 4;
        back.stride = 2;
        back.padding = {1, 1, 1, 1};
        append(result.body, back);
      }
    } else {
      append(result.body, same_conv(range(1, 20)));
    }
    if (range(0, 1) == 0) append(result.body, activation());
    shape_ = start;
    return result;
  }

  Residual residual(int depth) {
    const Shape start = shape_;
    Residual result;
    const std::int64_t out = range(0, 1) == 0 ? start.channels : range(1, 24);
    if (out != start.channels || range(0, 2) > 0) append(result.body, same_conv(out));
    if (has_films_ && range(0, 1) == 0) append(result.body, film());
    if (range(0, 1) == 0) append(result.body, activation());
    if (range(0, 2) == 0) append(result.body, same_conv(out));
    if (depth < 2 && range(0, 2) == 0) append(result.body, residual(depth + 1));
    const Shape end = shape_;
    shape_ = start;
    if (end.channels != start.channels || range(0, 2) == 0) {
      if (range(0, 2) == 0) append(result.shortcut, activation());
      append(result.shortcut, same_conv(end.channels));
    }
    if (has_films_ && range(0, 3) == 0) append(result.shortcut, film());
    shape_ = start;
    return result;
  }

  bool only_smooth_;
  bool has_films_ = false;  ///< in residual layers
  bool has_level_ = false;
  std::mt19937 generator_;
  Shape shape_;
};

}  // namespace ebm::nets
