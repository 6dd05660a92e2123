#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "tests/nets/random_architecture.h"

namespace ebm::nets {

/// Networks with group norms, learned scales and attention, in residual layers and outside of them.
/// There are none whose gradients are rounding alone: no norm of two values, no scale of a channel
/// that a norm takes away, and no attention to what an attention without a residual around it has
/// made, as that is nearly the same at all places.
class RandomMixingArchitecture : public RandomArchitecture {
 public:
  using RandomArchitecture::RandomArchitecture;

  /// @param with_level  whether films read a noise level
  Architecture draw_mixing(bool with_level = false) {
    Architecture net;
    net.name = "mixing";
    net.input = {pick({1, 2, 3}), range(3, 7), range(3, 7)};
    net.noise_level = has_level_ = has_films_ = with_level;
    shape_ = net.input;
    normed_conv(net.layers);
    for (std::int64_t i = range(1, 3); i > 0; --i) mix(net.layers);
    if (range(0, 2) == 0) append(net.layers, attention());
    if (with_level) append(net.layers, film());
    if (range(0, 2) == 0) {
      append(net.layers, same_conv(net.input.channels));
      append(net.layers, InputEnergy{InputEnergyKind::kSquaredDistance});
    } else {
      append(net.layers, Flatten{});
      append(net.layers, Linear{});
    }
    return net;
  }

 private:
  /// Of groups of two channels at least, and so of 18 values.
  GroupNorm norm_of_some() {
    const std::int64_t channels = shape_.channels;
    GroupNorm norm{.groups = range(1, channels / 2)};
    while (channels % norm.groups != 0) --norm.groups;
    if (range(0, 3) == 0) norm.epsilon = 1e-3;
    return norm;
  }

  /// Its convolution has no bias, which a norm of one channel would take away.
  void normed_conv(std::vector<Layer>& layers) {
    Conv2d conv = same_conv(2 * range(1, 9));
    conv.bias = false;
    append(layers, conv);
    append(layers, norm_of_some());
    if (has_films_ && range(0, 1) == 0) append(layers, film());
    if (range(0, 2) > 0) append(layers, activation());
  }

  Attention attention() { return {.heads = range(1, 3), .width = range(1, 9)}; }

  void mix(std::vector<Layer>& layers) {
    switch (range(0, 4)) {
      case 0:
        return normed_conv(layers);
      case 1:
        append(layers, ChannelScale{.bias = range(0, 1) == 0});
        return append(layers, activation());
      default: {
        const Shape start = shape_;
        Residual residual;
        append(residual.body, norm_of_some());
        if (range(0, 2) == 0) append(residual.body, activation());
        append(residual.body, attention());
        if (range(0, 1) == 0) {
          append(residual.body, ChannelScale{.bias = range(0, 1) == 0, .init = 0.5});
        }
        shape_ = start;
        return append(layers, std::move(residual));
      }
    }
  }
};

}  // namespace ebm::nets
