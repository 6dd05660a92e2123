#pragma once

#include <cstdint>
#include <vector>

#include "nets/compiled/tile_tasks.h"

namespace ebm::nets {

// Products of bfloat16 by tdpbf16ps of AMX, which multiplies tiles: 16 output channels by up to 32
// channels of the input, with these by 16 chains, is 16 output channels by 16 chains in float32,
// as they lie in memory.

/// Output channels of a tile.
inline constexpr std::int64_t kTileRows = 16;
/// The most pairs of channels that a tile takes.
inline constexpr std::int64_t kTilePairs = 16;

/// Pairs in which n channels lie for tiles: whole tiles where one is not enough.
std::int64_t amx_pairs(std::int64_t n_channels);

/// Weights of tasks of pairs, packed for 8 channels at a time [out / 8][place][8], packed anew for
/// tiles: [out / 16][place / K][16][K], K = min(n_pairs, 16), the last tile filled with zeros.
/// @param n_pairs  of one tap: amx_pairs()
void pack_tiles(const std::vector<float>& packed, std::int64_t n_channels, std::int64_t n_pairs,
                std::vector<float>& tiles);

/// As pair_products_avx512(), of weights that pack_tiles() gave. On a machine without AMX, the same
/// loops on tiles that are arrays: a test of all but the instructions themselves.
void pair_products_amx(const TileTasks& tasks, std::int64_t n_channels, std::int64_t n_pairs,
                       std::int64_t weights_of_a_block, const float* in, const float* weight,
                       const TileEnd& end, float* out);

}  // namespace ebm::nets
