#pragma once

#include <cstdint>
#include <vector>

#include "nets/architecture/layer.h"

namespace ebm::nets {

/// Output positions that see the same taps: they multiply the same weights with the inputs of their
/// own place. Offsets count lanes (16 floats) of activations in the order
/// [height][width][channels], and floats of packed weights.
struct TileTask {
  std::int32_t weight = 0;  ///< offset into the packed weights of a channel block
  std::int32_t n_rows = 0;  ///< rows of inputs; 0 if nothing reaches the positions
  std::int32_t length = 0;  ///< consecutive inputs of a row, with as many groups of weights
  std::int32_t in_row_stride = 0;
  std::int32_t weight_row_stride = 0;
  std::vector<std::int32_t> in;   ///< offset of the first input of each position
  std::vector<std::int32_t> out;  ///< offset of the first channel of each position
};

/// All positions of one product: a convolution, or its transpose.
using TileTasks = std::vector<TileTask>;

/// The places at which one tap of a kernel is used: offsets of inputs and of outputs, in pairs.
struct TapPlaces {
  std::vector<std::int32_t> in, out;
};

/// What is done to a sum before it is written.
struct TileEnd {
  const float* bias;        ///< [channels], or null
  const float* derivative;  ///< like the output, or null: the sum is multiplied by it
  bool adds;                ///< to what is there, before the multiplication
};

/// Output channels are computed in blocks of this many: their weights lie side by side.
inline constexpr std::int64_t kChannelBlock = 8;

/// y = conv(x): taps outside the border are left out, not multiplied with zeros.
TileTasks forward_tasks(const Conv2d& conv, const Shape& in, const Shape& out);

/// ∂x from ∂y: input positions of one phase (their place modulo the stride) see the same taps, so
/// no products with inserted zeros are made.
TileTasks backward_tasks(const Conv2d& conv, const Shape& in, const Shape& out);

/// ∂W from x and ∂y: one per entry of [kh, kw].
std::vector<TapPlaces> tap_places(const Conv2d& conv, const Shape& in, const Shape& out);

/// Weights [out, in, kh, kw] packed for forward_tasks: [out / 8][kh][kw][in][8], the last block
/// filled with zeros.
/// @param packed  empty, or of the same convolution: then its memory is used again
void pack_forward(const Conv2d& conv, const Shape& in, const float* weight,
                  std::vector<float>& packed);

/// The same for backward_tasks: [in / 8][phase][tap of the phase, last first][out][8].
void pack_backward(const Conv2d& conv, const Shape& in, const float* weight,
                   std::vector<float>& packed);

}  // namespace ebm::nets
