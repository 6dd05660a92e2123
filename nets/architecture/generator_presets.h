#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// A generator by name: a network from a flat z of `latent_dim` values to items of shape `output`.
/// Images end with a tanh, points (c, 1, 1) with a linear layer.
///
/// mlp        linear 128, ReLU, twice; linear. For points; images are reshaped.
/// dcgan28    for 28x28: linear to a map of 128x7x7, then transposed convolutions 4x4 of stride 2
/// to 64
///            channels and to those of the image; batch norm and ReLU before each.
///            Source: Radford, Metz, Chintala 2016.
/// resnet28   linear to 64x7x7, two blocks that double, then batch norm, ReLU, convolution 3x3. A
/// block
///            is batch norm, ReLU, nearest-neighbour upsampling, convolution 3x3, batch norm, ReLU,
///            convolution 3x3, added to the upsampled input. Source: Gulrajani et al. 2017, with
///            equal channels so that the shortcut is the identity.
/// selfmod28  resnet28 with every batch norm modulated by z, hidden width 32.
///            Source: Chen, Lucic, Houlsby, Gelly 2018.
/// dcgan32, resnet32, selfmod32  the same for 32x32, from 256x4x4 and 64x4x4, doubled three times.
///
/// @throws Error(kUsage) for another name, with all names, or a latent_dim below 1; Error(kShape)
/// if
///         the output has another size than the name says.
Architecture generator_preset(std::string_view name, std::int64_t latent_dim, const Shape& output);

/// The names, in the order above.
std::vector<std::string> generator_preset_names();

}  // namespace ebm::nets
