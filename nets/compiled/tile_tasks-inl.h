// The products of a convolution or its transpose, 16 chains at a time. Compiled once per SIMD
// target.

#if defined(EBM_NETS_TILE_TASKS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_TILE_TASKS_INL_H_
#undef EBM_NETS_TILE_TASKS_INL_H_
#else
#define EBM_NETS_TILE_TASKS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/interruption.h"
#include "nets/compiled/tile-inl.h"
#include "nets/compiled/tile_tasks.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// Sums of kChannels channels at kPositions positions: accumulators in registers, a weight broadcast
// for the products of all positions.
// @param kAhead  how many floats ahead weights are fetched into the nearest cache; 0 if they are
//                there
template <int kChannels, int kPositions, int kAhead = 0>
HWY_INLINE void tile(const TileTask& task, const float* HWY_RESTRICT in,
                     const float* HWY_RESTRICT weight, std::size_t position, std::int64_t channel,
                     const TileEnd& end, float* HWY_RESTRICT out) {
  Lanes sum[kChannels][kPositions];
#pragma GCC unroll 8
  for (int c = 0; c < kChannels; ++c) {
    const Lanes start = lanes::all_lanes(end.bias == nullptr ? 0.0f : end.bias[channel + c]);
#pragma GCC unroll 8
    for (int p = 0; p < kPositions; ++p) sum[c][p] = start;
  }
  const float* x_rows[kPositions];
#pragma GCC unroll 8
  for (int p = 0; p < kPositions; ++p) {
    x_rows[p] = in + task.in[position + static_cast<std::size_t>(p)] * kLanes;
  }
  const float* HWY_RESTRICT w_row = weight + task.weight;
  for (std::int64_t row = 0; row < task.n_rows; ++row) {
    const float* HWY_RESTRICT w = w_row;
    const std::int64_t length = task.length * kLanes;
    for (std::int64_t k = 0; k < length; k += kLanes) {
      if constexpr (kAhead > 0) hwy::Prefetch(w + kAhead);
      Lanes v[kPositions];
#pragma GCC unroll 8
      for (int p = 0; p < kPositions; ++p) v[p] = lanes::load_lanes(x_rows[p] + k);
#pragma GCC unroll 8
      for (int c = 0; c < kChannels; ++c) {
        const Lanes factor = lanes::all_lanes(w[c]);
#pragma GCC unroll 8
        for (int p = 0; p < kPositions; ++p) sum[c][p] = lanes::mul_add(factor, v[p], sum[c][p]);
      }
      w += kChannelBlock;
    }
#pragma GCC unroll 8
    for (int p = 0; p < kPositions; ++p) x_rows[p] += task.in_row_stride * kLanes;
    w_row += task.weight_row_stride;
  }
#pragma GCC unroll 8
  for (int p = 0; p < kPositions; ++p) {
    const std::int64_t place = task.out[position + static_cast<std::size_t>(p)] + channel;
#pragma GCC unroll 8
    for (int c = 0; c < kChannels; ++c) finish(sum[c][p], end, place + c, out);
  }
}

// All positions of a task: kPositions at a time, then what is left by half as many, and so on.
template <int kChannels, int kPositions>
HWY_INLINE void all_positions(const TileTask& task, const float* HWY_RESTRICT in,
                              const float* HWY_RESTRICT weight, std::int64_t channel,
                              const TileEnd& end, float* HWY_RESTRICT out,
                              std::size_t position = 0) {
  for (; position + kPositions <= task.out.size(); position += kPositions) {
    tile<kChannels, kPositions>(task, in, weight, position, channel, end, out);
  }
  if constexpr (kPositions > 1) {
    all_positions<kChannels, kPositions / 2>(task, in, weight, channel, end, out, position);
  }
}

// How many of the channels of a block are summed side by side, and at how many positions: as many
// as there are registers for.
inline constexpr int kTileChannels = lanes::kRegisters == 1 ? 8 : lanes::kRegisters == 2 ? 4 : 2;
inline constexpr int kTilePositions = lanes::kRegisters == 1 ? 3 : 1;
// One or a few channels at more positions.
inline constexpr int kWidePositions = lanes::kRegisters == 1 ? 8 : lanes::kRegisters == 2 ? 4 : 2;

// One channel block at all positions. @param n_channels  of the block, 1 to 8
HWY_INLINE void channel_block(const TileTask& task, const float* HWY_RESTRICT in,
                              const float* HWY_RESTRICT weight, std::int64_t first_channel,
                              std::int64_t n_channels, const TileEnd& end,
                              float* HWY_RESTRICT out) {
  std::int64_t c = 0;
  for (; c + kTileChannels <= n_channels; c += kTileChannels) {
    all_positions<kTileChannels, kTilePositions>(task, in, weight + c, first_channel + c, end, out);
  }
  if constexpr (kTileChannels > 4) {
    for (; c + 4 <= n_channels; c += 4) {
      all_positions<4, 4>(task, in, weight + c, first_channel + c, end, out);
    }
  }
  for (; c + 2 <= n_channels; c += 2) {
    all_positions<2, kWidePositions / 2>(task, in, weight + c, first_channel + c, end, out);
  }
  for (; c < n_channels; ++c) {
    all_positions<1, kWidePositions>(task, in, weight + c, first_channel + c, end, out);
  }
}

// All channels at all positions. Not inlined: it is long, and called once per operation.
static HWY_NOINLINE void tile_products(const TileTasks& tasks, std::int64_t n_channels,
                                       std::int64_t weights_of_a_block,
                                       const float* HWY_RESTRICT in,
                                       const float* HWY_RESTRICT weight, const TileEnd& end,
                                       float* HWY_RESTRICT out) {
  // The weights of a channel block stay in the nearest cache for all positions.
  for (std::int64_t first = 0; first < n_channels; first += kChannelBlock) {
    base::throw_if_interrupted();
    for (const TileTask& task : tasks) {
      channel_block(task, in, weight + first / kChannelBlock * weights_of_a_block, first,
                    std::min(kChannelBlock, n_channels - first), end, out);
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_TILE_TASKS_INL_H_
