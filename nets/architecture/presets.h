#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// A network by name, for items of shape `input`:
///
/// uva       conv 5x5 stride 2 pad 4 to 16 channels, conv 3x3 stride 2 pad 1 to 32, 64, 64,
///           flatten, linear 64, linear 1; SiLU after each but the last. 0.86 M multiply-adds at
///           1x28x28.
///           Source: UvA deep learning tutorial 8 (phlippe/uvadlc_notebooks).
/// uva-wide  the same with 32, 64, 64, 128 channels and linear 128: 2.3 M multiply-adds.
/// mnistnet  conv 3x3 to 64, conv 4x4 stride 2 to 64, 128, 256, all with TensorFlow's SAME padding
///           and without bias, flatten, linear 128, linear 1; leaky ReLU 0.2 after and spectral
///           norm on each but the last. Source: Du & Mordatch 2019, openai/ebm_code_release,
///           MnistNet.
/// igebm32   conv 3x3 to 128, six blocks of 128 (halved), 128, 256 (halved), 256, 256 (halved), 256
///           channels, sum pool, linear 1. A block is conv 3x3, leaky ReLU 0.2, conv 3x3, added to
///           the input (through a conv 3x3 without bias where the channels change), then 2x2 mean
///           pooling where it halves, then leaky ReLU 0.2; plain ReLU after the last.
///           Source: as mnistnet, ResNet32. Spectral norm on all but the linear layer and the
///           second conv of a block, whose initial weight has the factor 1e-10 so that a block
///           starts as its shortcut. There the original multiplies W/max(σ(W), 1) by a learned
///           scale of each channel, which does not bound its norm either; W/σ(W) would undo the
///           small start. The original adds its biases before the convolutions, this one after
///           them.
/// dcgan     the critic of the generators dcgan28 and dcgan32: conv 4x4 stride 2 pad 1 with leaky
///           ReLU 0.2 after it, to 64 channels and twice as many each time, until the image is no
///           larger than 7x7; flatten, linear 1. Source: Radford, Metz, Chintala 2016.
/// unet      conv 4x4 stride 2 pad 1 to 32 channels, a concat around [conv 4x4 stride 2 pad 1 to
/// 64,
///           a residual of conv 3x3 and conv 3x3, transposed conv 4x4 stride 2 back to 32], conv
///           3x3 to 32, transposed conv 4x4 stride 2 to the channels of the input, squared
///           distance from the input; SiLU between. Height and width are multiples of 4. After
///           Ronneberger, Fischer, Brox 2015, with the energy of Du et al. 2023.
/// unet-1m   three sizes: conv 3x3 to 32 channels, a concat around [conv 4x4 stride 2 pad 1 to 64,
/// a
///           residual of conv 3x3 and conv 3x3, a concat around [conv 4x4 stride 2 pad 1 to 128,
///           two such residuals, transposed conv 4x4 stride 2 to 64], conv 3x3 to 64, transposed
///           conv 4x4 stride 2 to 32], conv 3x3 to 32, conv 3x3 to the channels of the input,
///           squared distance from the input; SiLU between. Height and width are multiples of 4.
/// unet-3m   the same with 52, 104 and 208 channels.
/// unet-attention  conv 3x3 to 12 channels, a concat around [conv 4x4 stride 2 pad 1 to 24, a
///           residual, a concat around [conv 4x4 stride 2 pad 1 to 48, a residual, attention of 4
///           heads of 12 behind a group norm as a residual, a residual, transposed conv 4x4 stride
///           2 to 24], conv 3x3 to 24, a residual, transposed conv 4x4 stride 2 to 12], conv 3x3 to
///           12, group norm, SiLU, conv 3x3 to the channels of the input, squared distance from the
///           input. A residual is twice group norm, SiLU, conv 3x3; a group norm has 4 groups.
///           Height and width are multiples of 4. After Ho, Jain, Abbeel 2020.
/// unet-attention-1m  the same with 28, 56 and 112 channels.
/// unet-attention-3m  the same with 48, 96 and 192 channels.
/// mlp       linear 32, 64, 64, 64 with leaky ReLU 0.05 after each, linear 1. For toys; images are
///           flattened first. Source: Nijkamp et al. 2020, point0bar1/ebm-anatomy, the toy network.
/// mlp-silu  linear 64, 64, 64 with SiLU after each, linear 1: for objectives that fit ∇ₓE of toys.
///
/// @throws Error(kUsage) for another name, with all names; Error(kShape) if `input` is too small.
Architecture preset(std::string_view name, Shape input);

/// The names, in the order above.
std::vector<std::string> preset_names();

}  // namespace ebm::nets
