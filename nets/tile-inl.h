// The products of a convolution or its transpose, 16 chains at a time. Compiled once per SIMD
// target.

#if defined(EBM_NETS_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_TILE_INL_H_
#undef EBM_NETS_TILE_INL_H_
#else
#define EBM_NETS_TILE_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nets/tile_tasks.h"
#include "samplers/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {
namespace lanes = samplers::HWY_NAMESPACE;
using lanes::Lanes;
inline constexpr std::int64_t kLanes = samplers::kLanes;

// What happens to a sum before it is written.
struct TileEnd {
  const float* bias;        // [channels], or null
  const float* derivative;  // like the output, or null: the sum is multiplied by it
  bool adds;                // to what is there, before the multiplication
};

// Sums of kChannels channels at kPositions positions: accumulators in registers, a weight broadcast
// for each product.
template <int kChannels, int kPositions>
HWY_INLINE void tile(const TileTask& task, std::int64_t in_step, std::int64_t out_step,
                     const float* HWY_RESTRICT in, const float* HWY_RESTRICT weight,
                     std::int64_t position, std::int64_t channel, const TileEnd& end,
                     float* HWY_RESTRICT out) {
  Lanes sum[kChannels][kPositions];
  for (int c = 0; c < kChannels; ++c) {
    for (int p = 0; p < kPositions; ++p) {
      sum[c][p] = lanes::all_lanes(end.bias == nullptr ? 0.0f : end.bias[channel + c]);
    }
  }
  const float* HWY_RESTRICT x_row = in + (task.in + position * in_step) * kLanes;
  const float* HWY_RESTRICT w_row = weight + task.weight;
  for (std::int64_t row = 0; row < task.n_rows; ++row) {
    const float* HWY_RESTRICT x = x_row;
    const float* HWY_RESTRICT w = w_row;
    for (std::int64_t k = 0; k < task.length; ++k) {
      Lanes v[kPositions];
#pragma GCC unroll 8
      for (int p = 0; p < kPositions; ++p) v[p] = lanes::load_lanes(x + p * in_step * kLanes);
#pragma GCC unroll 8
      for (int c = 0; c < kChannels; ++c) {
        const Lanes factor = lanes::all_lanes(w[c]);
#pragma GCC unroll 8
        for (int p = 0; p < kPositions; ++p) sum[c][p] = lanes::mul_add(factor, v[p], sum[c][p]);
      }
      x += kLanes;
      w += kChannelBlock;
    }
    x_row += task.in_row_stride * kLanes;
    w_row += task.weight_row_stride;
  }
  for (int p = 0; p < kPositions; ++p) {
    for (int c = 0; c < kChannels; ++c) {
      const std::int64_t at = (task.out + (position + p) * out_step + channel + c) * kLanes;
      Lanes value = sum[c][p];
      if (end.adds) value = value + lanes::load_lanes(out + at);
      if (end.derivative != nullptr) value = value * lanes::load_lanes(end.derivative + at);
      lanes::store_lanes(value, out + at);
    }
  }
}

// All positions of a task, kPositions at a time and what is left one by one.
template <int kChannels, int kPositions>
HWY_INLINE void all_positions(const TileTask& task, std::int64_t in_step, std::int64_t out_step,
                              const float* HWY_RESTRICT in, const float* HWY_RESTRICT weight,
                              std::int64_t channel, const TileEnd& end, float* HWY_RESTRICT out) {
  std::int64_t position = 0;
  for (; position + kPositions <= task.n_positions; position += kPositions) {
    tile<kChannels, kPositions>(task, in_step, out_step, in, weight, position, channel, end, out);
  }
  for (; position < task.n_positions; ++position) {
    tile<kChannels, 1>(task, in_step, out_step, in, weight, position, channel, end, out);
  }
}

// How many of the channels of a block are summed side by side, and at how many positions: as many
// as there are registers for.
inline constexpr int kTileChannels = lanes::kRegisters == 1 ? 8 : lanes::kRegisters == 2 ? 4 : 2;
inline constexpr int kTilePositions = lanes::kRegisters == 1 ? 2 : 1;
// One or a few channels at more positions.
inline constexpr int kWidePositions = lanes::kRegisters == 1 ? 8 : lanes::kRegisters == 2 ? 4 : 2;

// One channel block at all positions. @param n_channels  of the block, 1 to 8
HWY_INLINE void channel_block(const TileTasks& tasks, const float* HWY_RESTRICT in,
                              const float* HWY_RESTRICT weight, std::int64_t first_channel,
                              std::int64_t n_channels, const TileEnd& end,
                              float* HWY_RESTRICT out) {
  for (const TileTask& task : tasks.tasks) {
    std::int64_t c = 0;
    for (; c + kTileChannels <= n_channels; c += kTileChannels) {
      all_positions<kTileChannels, kTilePositions>(task, tasks.in_step, tasks.out_step, in,
                                                   weight + c, first_channel + c, end, out);
    }
    if constexpr (kTileChannels > 4) {
      for (; c + 4 <= n_channels; c += 4) {
        all_positions<4, 4>(task, tasks.in_step, tasks.out_step, in, weight + c, first_channel + c,
                            end, out);
      }
    }
    for (; c + 2 <= n_channels; c += 2) {
      all_positions<2, kWidePositions / 2>(task, tasks.in_step, tasks.out_step, in, weight + c,
                                           first_channel + c, end, out);
    }
    for (; c < n_channels; ++c) {
      all_positions<1, kWidePositions>(task, tasks.in_step, tasks.out_step, in, weight + c,
                                       first_channel + c, end, out);
    }
  }
}

// All channels at all positions.
HWY_INLINE void tile_products(const TileTasks& tasks, std::int64_t n_channels,
                              std::int64_t weights_of_a_block, const float* HWY_RESTRICT in,
                              const float* HWY_RESTRICT weight, const TileEnd& end,
                              float* HWY_RESTRICT out) {
  for (std::int64_t first = 0; first < n_channels; first += kChannelBlock) {
    channel_block(tasks, in, weight + first / kChannelBlock * weights_of_a_block, first,
                  std::min(kChannelBlock, n_channels - first), end, out);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_TILE_INL_H_
