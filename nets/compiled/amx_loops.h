#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nets/compiled/amx_bf16.h"
#include "samplers/simd/lane_count.h"

namespace ebm::nets {

/// The loops of pair_products_amx(), on whatever holds the tiles. `Tiles` has two tiles of weights,
/// two of inputs and the four of sums that these make; which one is a template argument, as
/// instructions name their tiles:
///
///     Tiles(n_pairs)                sums of 16 rows, weights [16][n_pairs], inputs [n_pairs][16]
///     clear()                       sums <- 0
///     load_weights<row>(from)       contiguous
///     load_inputs<position>(from)   contiguous
///     multiply<row, position>()     sum <- sum + weights·inputs
///     store<row, position>(to)      [16][16]
///     finish(sums, n_channels, bias, end, at, out)
///
/// which writes the sums of some channels at an offset in lanes, with a bias added (or null).
template <class Tiles, int kRows, int kPositions>
inline void amx_tile(Tiles& tiles, const TileTask& task, std::int64_t tile_pairs,
                     std::int64_t tile_floats, std::int64_t row_floats, const float* in,
                     const float* weight, std::size_t position, std::int64_t channel,
                     std::int64_t n_channels, const TileEnd& end, float* out) {
  constexpr std::int64_t kLanes = samplers::kLanes;
  tiles.clear();
  const std::int64_t in_step = tile_pairs * kLanes;
  const std::int64_t n_tiles = task.length / tile_pairs;
  // Places of the packed weights are counted for blocks of 8 channels; a tile has 16.
  const float* w_row = weight + task.weight / kChannelBlock * kTileRows;
  const std::int64_t w_row_step = task.weight_row_stride / kChannelBlock * kTileRows;
  const float* first = in + task.in[position] * kLanes;
  const float* second = in + task.in[position + kPositions - 1] * kLanes;
  for (std::int64_t row = 0; row < task.n_rows; ++row) {
    const float* w = w_row;
    for (std::int64_t k = 0; k < n_tiles; ++k) {
      tiles.template load_weights<0>(w);
      if constexpr (kRows == 2) tiles.template load_weights<1>(w + row_floats);
      tiles.template load_inputs<0>(first + k * in_step);
      if constexpr (kPositions == 2) tiles.template load_inputs<1>(second + k * in_step);
      tiles.template multiply<0, 0>();
      if constexpr (kPositions == 2) tiles.template multiply<0, 1>();
      if constexpr (kRows == 2) tiles.template multiply<1, 0>();
      if constexpr (kRows == 2 && kPositions == 2) tiles.template multiply<1, 1>();
      w += tile_floats;
    }
    first += task.in_row_stride * kLanes;
    second += task.in_row_stride * kLanes;
    w_row += w_row_step;
  }
  alignas(64) float sums[kTileRows * kLanes];
  const std::int64_t in_first = std::min(kTileRows, n_channels);
  const float* bias = end.bias == nullptr ? nullptr : end.bias + channel;
  const auto finish = [&](std::int64_t row, std::size_t p) {
    const std::int64_t n = row == 0 ? in_first : n_channels - kTileRows;
    tiles.finish(sums, n, bias == nullptr ? nullptr : bias + row * kTileRows, end,
                 task.out[position + p] + channel + row * kTileRows, out);
  };
  tiles.template store<0, 0>(sums);
  finish(0, 0);
  if constexpr (kPositions == 2) {
    tiles.template store<0, 1>(sums);
    finish(0, 1);
  }
  if constexpr (kRows == 2) {
    tiles.template store<1, 0>(sums);
    finish(1, 0);
  }
  if constexpr (kRows == 2 && kPositions == 2) {
    tiles.template store<1, 1>(sums);
    finish(1, 1);
  }
}

template <class Tiles, int kRows>
inline void amx_positions(Tiles& tiles, const TileTask& task, std::int64_t tile_pairs,
                          std::int64_t row_floats, const float* in, const float* weight,
                          std::int64_t channel, std::int64_t n_channels, const TileEnd& end,
                          float* out) {
  const std::int64_t tile_floats = kTileRows * tile_pairs;
  std::size_t position = 0;
  for (; position + 2 <= task.out.size(); position += 2) {
    amx_tile<Tiles, kRows, 2>(tiles, task, tile_pairs, tile_floats, row_floats, in, weight,
                              position, channel, n_channels, end, out);
  }
  if (position < task.out.size()) {
    amx_tile<Tiles, kRows, 1>(tiles, task, tile_pairs, tile_floats, row_floats, in, weight,
                              position, channel, n_channels, end, out);
  }
}

/// Two tiles of output channels at a time, at two positions: four loads for four products.
template <class Tiles>
inline void amx_products(const TileTasks& tasks, std::int64_t n_channels, std::int64_t n_pairs,
                         std::int64_t weights_of_a_block, const float* in, const float* weight,
                         const TileEnd& end, float* out) {
  const std::int64_t tile_pairs = std::min(n_pairs, kTilePairs);
  const std::int64_t row_floats = weights_of_a_block / kChannelBlock * kTileRows;
  Tiles tiles(tile_pairs);
  for (std::int64_t channel = 0; channel < n_channels; channel += 2 * kTileRows) {
    const std::int64_t n = std::min(n_channels - channel, 2 * kTileRows);
    const float* w = weight + channel / kTileRows * row_floats;
    for (const TileTask& task : tasks) {
      if (n > kTileRows) {
        amx_positions<Tiles, 2>(tiles, task, tile_pairs, row_floats, in, w, channel, n, end, out);
      } else {
        amx_positions<Tiles, 1>(tiles, task, tile_pairs, row_floats, in, w, channel, n, end, out);
      }
    }
  }
}

}  // namespace ebm::nets
