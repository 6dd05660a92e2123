#pragma once

#include <cstdint>
#include <vector>

#include "nets/layer.h"

namespace ebm::nets {

/// Output positions of one row that are computed side by side: they multiply the same weights with
/// inputs that lie a constant distance apart. Offsets count lanes (16 floats) of activations in the
/// order [height][width][channels], and floats of packed weights.
struct TileTask {
  std::int32_t out;     ///< offset of the first position's first channel
  std::int32_t in;      ///< offset of the first input that it reads
  std::int32_t weight;  ///< offset into the packed weights of a channel block
  std::int32_t n_rows;  ///< rows of inputs; 0 if nothing reaches the position
  std::int32_t length;  ///< consecutive inputs of a row, with as many groups of weights
  std::int32_t in_row_stride;
  std::int32_t weight_row_stride;
  std::int32_t n_positions;
};

/// All positions of one product: a convolution, or its transpose.
struct TileTasks {
  std::vector<TileTask> tasks;
  std::int32_t in_step = 0;   ///< distance of the inputs of neighbouring positions of a task
  std::int32_t out_step = 0;  ///< distance of the outputs of neighbouring positions of a task
};

/// Output channels are computed in blocks of this many: their weights lie side by side.
inline constexpr std::int64_t kChannelBlock = 8;

/// y = conv(x): taps outside the border are left out, not multiplied with zeros.
/// @param max_positions  of one task
TileTasks forward_tasks(const Conv2d& conv, const Shape& in, const Shape& out,
                        std::int64_t max_positions);

/// ∂x from ∂y: input positions of one phase (their place modulo the stride) see the same taps, so
/// no products with inserted zeros are made.
TileTasks backward_tasks(const Conv2d& conv, const Shape& in, const Shape& out,
                         std::int64_t max_positions);

/// Weights [out, in, kh, kw] packed for forward_tasks: [out / 8][kh][kw][in][8], the last block
/// filled with zeros.
std::vector<float> pack_forward(const Conv2d& conv, const Shape& in, const float* weight);

/// The same for backward_tasks: [in / 8][phase][tap of the phase, last first][out][8].
std::vector<float> pack_backward(const Conv2d& conv, const Shape& in, const float* weight);

}  // namespace ebm::nets
