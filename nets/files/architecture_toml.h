#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// Reads a network from TOML:
///
///     name = "mine"
///     input = [1, 28, 28]        # channels, height, width
///     classes = 10               # only of a network that reads a label
///     noise_level = true         # only of a network that reads a noise level
///     [[layer]]
///     type = "conv2d"            # out_channels, kernel = K or [height, width], stride = 1,
///     out_channels = 16          # padding = P or [top, bottom, left, right], bias = true,
///     kernel = 5                 # spectral_norm = false, weight_norm = false, init_scale = 1
///     [[layer]]
///     type = "residual"
///     body = [{type = "silu"}]
///     shortcut = []              # the identity
///
/// Types: conv2d; conv_transpose2d (as conv2d, without norms); linear (out_features, bias,
/// spectral_norm, weight_norm, init_scale); silu; relu; leaky_relu (slope = 0.01); elu (alpha = 1);
/// softplus (beta = 1); tanh; batch_norm (epsilon = 1e-5); self_modulated_batch_norm (hidden = 32,
/// epsilon = 1e-5); film (hidden = 32); projection; class_logits; avg_pool (kernel, stride =
/// kernel); sum_pool; upsample (factor = 2); flatten; reshape (shape); residual (body, shortcut =
/// []). Keys without a default are required.
/// @param origin  names the text in messages
/// @param input   shape of the data; the file may leave `input` out only if it is given
/// @param outputs  what its last output must be
/// @throws Error(kBadData) for text that is not TOML, unknown keys and types (naming the nearest
///         known one), missing keys, wrong types and deep nesting (parse_toml.h); Error(kShape) for
///         layers that do not fit and an input other than `input`; both with origin, line and path
///         of the layer.
Architecture architecture_from_toml(std::string_view text, std::string_view origin,
                                    std::optional<Shape> input = std::nullopt,
                                    Outputs outputs = Outputs::kEnergy);

/// The network in the format above, without defaults. architecture_from_toml() reads it back
/// exactly. The network has to be valid and its name UTF-8.
std::string architecture_to_toml(const Architecture& architecture);

}  // namespace ebm::nets
