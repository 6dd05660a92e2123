#include "nets/winograd.h"

#include <algorithm>
#include <array>

#include "nets/narrow.h"

namespace ebm::nets {
namespace {

// Measured on a core with 48 KB, 2 MB and a large distant cache: the transformed inputs of three
// tiles and 128 channels, 0.9 MB, stay in the second, and those of one point and a part of the
// channels, 24 KB, in the first. The four tiles of an image of 8x8 are one group, so that its
// weights are read once.
constexpr std::int64_t kLargestGroup = 3, kLargestWhole = 4;
constexpr std::int64_t kLargestChunk = 64;
constexpr std::int64_t kLargestPart = 128;

std::int64_t parts_of(std::int64_t size, std::int64_t part) { return (size + part - 1) / part; }

Winograd make_winograd(const Shape& in, const Shape& out, std::int64_t top, std::int64_t left) {
  Winograd result;
  result.in = in;
  result.out = out;
  result.top = top;
  result.left = left;
  result.tile_rows = parts_of(out.height, Winograd::kTile);
  result.tile_columns = parts_of(out.width, Winograd::kTile);
  const std::int64_t n_tiles = result.n_tiles();
  result.group = n_tiles <= kLargestWhole ? n_tiles : kLargestGroup;
  const std::int64_t n_blocks = parts_of(out.channels, kChannelBlock);
  result.chunk = std::min(n_blocks * kChannelBlock, kLargestChunk);
  // Parts of about the same size.
  const std::int64_t part = parts_of(in.channels, parts_of(in.channels, kLargestPart));
  for (std::int64_t first = 0; first < in.channels; first += part) {
    TileTask& task = result.products.emplace_back();
    task.n_rows = 1;
    task.length = narrow(std::min(part, in.channels - first));
    for (std::int64_t tile = 0; tile < result.group; ++tile) {
      task.in.push_back(narrow(tile * in.channels + first));
      task.out.push_back(narrow(tile * result.chunk));
    }
  }
  return result;
}

using Kernel = std::array<double, 9>;

/// G, [6][3].
std::array<std::array<double, 3>, 6> kernel_matrix() {
  const double a = Winograd::kA, b = Winograd::kB;
  const std::array<double, 5> points = {0, a, -a, b, -b};
  std::array<std::array<double, 3>, 6> g{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    double differences = 1;
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (k != i) differences *= points[i] - points[k];
    }
    g[i] = {1 / differences, points[i] / differences, points[i] * points[i] / differences};
  }
  g[5] = {0, 0, 1};
  return g;
}

/// Where the weights of the 36 points of a pair of channels lie: the first, and their distance.
struct PackedPlace {
  std::int64_t first, stride;
};

PackedPlace packed_place(const Winograd& winograd, std::int64_t to, std::int64_t from) {
  const std::int64_t n_from = winograd.in.channels, chunk = winograd.chunk;
  const std::int64_t first_to = to / chunk * chunk;
  const std::int64_t n_to =
      parts_of(std::min(chunk, winograd.out.channels - first_to), kChannelBlock) * kChannelBlock;
  const std::int64_t part = winograd.products[0].length, first_from = from / part * part;
  const std::int64_t length = std::min(part, n_from - first_from);
  const std::int64_t block = (to - first_to) / kChannelBlock;
  return {Winograd::kPoints * n_from * first_to + first_from * n_to +
              (block * length + from - first_from) * kChannelBlock + to % kChannelBlock,
          n_from * n_to};
}

/// G g Gᵀ of all pairs of channels, packed. @param kernel  (to, from) -> g
template <class F>
std::vector<float> pack(const Winograd& winograd, const F& kernel) {
  const auto matrix = kernel_matrix();
  const std::int64_t n_to = winograd.out.channels, n_from = winograd.in.channels;
  std::vector<float> packed(static_cast<std::size_t>(
      Winograd::kPoints * n_from * parts_of(n_to, kChannelBlock) * kChannelBlock));
  for (std::int64_t to = 0; to < n_to; ++to) {
    for (std::int64_t from = 0; from < n_from; ++from) {
      const Kernel g = kernel(to, from);
      auto [place, stride] = packed_place(winograd, to, from);
      for (const auto& row : matrix) {
        std::array<double, 3> across{};
        for (std::size_t c = 0; c < 3; ++c) {
          across[c] = row[0] * g[c] + row[1] * g[3 + c] + row[2] * g[6 + c];
        }
        for (const auto& column : matrix) {
          packed[static_cast<std::size_t>(place)] = static_cast<float>(
              across[0] * column[0] + across[1] * column[1] + across[2] * column[2]);
          place += stride;
        }
      }
    }
  }
  return packed;
}

}  // namespace

bool is_winograd(const Conv2d& conv) {
  return conv.kernel_height == 3 && conv.kernel_width == 3 && conv.stride == 1;
}

Winograd forward_winograd(const Conv2d& conv, const Shape& in, const Shape& out) {
  return make_winograd(in, out, conv.padding.top, conv.padding.left);
}

Winograd backward_winograd(const Conv2d& conv, const Shape& in, const Shape& out) {
  return make_winograd(out, in, 2 - conv.padding.top, 2 - conv.padding.left);
}

bool is_faster(const Winograd& winograd, const TileTasks& direct) {
  const std::int64_t in = winograd.in.channels;
  const std::int64_t out = winograd.out.channels;
  std::int64_t direct_cost = 0;
  for (const TileTask& task : direct) {
    direct_cost += static_cast<std::int64_t>(task.out.size()) * task.n_rows * task.length * out;
  }
  // Measured: a transform of a channel takes as long as 400 products, since it waits for memory,
  // and the weights, which every group reads anew from a distant cache, as long as those of a tile.
  constexpr std::int64_t kTransform = 400, kWeightRead = 1;
  const std::int64_t n_groups = parts_of(winograd.n_tiles(), winograd.group);
  const std::int64_t cost =
      winograd.n_tiles() * (Winograd::kPoints * in * out + kTransform * (in + out)) +
      n_groups * kWeightRead * Winograd::kPoints * in * out;
  return cost < direct_cost;
}

std::vector<float> pack_forward(const Winograd& winograd, const float* weight) {
  const std::int64_t n_in = winograd.in.channels;
  return pack(winograd, [&](std::int64_t out, std::int64_t in) {
    Kernel g;
    std::copy_n(weight + (out * n_in + in) * 9, 9, g.begin());
    return g;
  });
}

std::vector<float> pack_backward(const Winograd& winograd, const float* weight) {
  const std::int64_t n_in = winograd.out.channels;
  return pack(winograd, [&](std::int64_t in, std::int64_t out) {
    Kernel g;
    const float* kernel = weight + (out * n_in + in) * 9;
    std::reverse_copy(kernel, kernel + 9, g.begin());
    return g;
  });
}

}  // namespace ebm::nets
