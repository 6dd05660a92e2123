#include "nets/compiled/winograd.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "nets/architecture/narrow.h"

namespace ebm::nets {
namespace {

// Measured on a core with 48 KB, 2 MB and a large distant cache: the transformed inputs of three
// tiles and 128 channels, 0.9 MB, stay in the second, and those of one point and a part of the
// channels, 24 KB, in the first. The four tiles of an image of 8x8 are one group, so that its
// weights are read once.
constexpr std::int64_t kMaxGroup = 3, kMaxWhole = 4;
constexpr std::int64_t kMaxChunk = 64;
constexpr std::int64_t kMaxPart = 128;

std::int64_t parts_of(std::int64_t size, std::int64_t part) { return (size + part - 1) / part; }

/// Channels of whole blocks.
std::int64_t padded(std::int64_t channels) {
  return parts_of(channels, kChannelBlock) * kChannelBlock;
}

/// Lays out groups, chunks and parts. @param n_rows, n_columns  of the results of one phase
Winograd with_layout(Winograd result, std::int64_t n_rows, std::int64_t n_columns) {
  result.tile_rows = parts_of(n_rows, Winograd::kTile);
  result.tile_columns = parts_of(n_columns, Winograd::kTile);
  const std::int64_t n_tiles = result.n_tiles();
  result.group = n_tiles <= kMaxWhole ? n_tiles : kMaxGroup;
  result.chunk = std::min(padded(result.out.channels), kMaxChunk);
  // Parts of about the same size.
  const std::int64_t n_in = result.in_channels();
  const std::int64_t part = parts_of(n_in, parts_of(n_in, kMaxPart));
  for (std::int64_t first = 0; first < n_in; first += part) {
    TileTask& task = result.products.emplace_back();
    task.n_rows = 1;
    task.length = narrow(std::min(part, n_in - first));
    for (std::int64_t tile = 0; tile < result.group; ++tile) {
      task.in.push_back(narrow(tile * n_in + first));
      task.out.push_back(narrow(tile * result.chunk));
    }
  }
  return result;
}

Winograd of_conv(const Conv2d& conv, const Shape& in, const Shape& out, bool backwards) {
  Winograd result;
  result.in = in;
  result.out = out;
  result.backwards = backwards;
  result.kernel_height = conv.kernel_height;
  result.kernel_width = conv.kernel_width;
  result.stride = conv.stride;
  return result;
}

/// Taps of a pair of channels [r][r], those that there are not 0.
using Kernel = std::array<double, 9>;

/// G: one row per point, that of ∞ last.
using KernelMatrix = std::array<std::array<double, 3>, 6>;

/// @param rows  room for the rows. @return those that there are
std::span<const std::array<double, 3>> kernel_matrix(std::int64_t taps, KernelMatrix& rows) {
  const double a = Winograd::point_a(taps), b = Winograd::point_b(taps);
  const std::array<double, 5> all = {0.0, a, -a, b, -b};
  const std::span points = std::span(all).subspan(taps == 3 ? 0 : 1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    double differences = 1;
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (k != i) differences *= points[i] - points[k];
    }
    rows[i] = {1 / differences, points[i] / differences, points[i] * points[i] / differences};
  }
  rows[points.size()] = {0, 0, 0};
  rows[points.size()][static_cast<std::size_t>(taps) - 1] = 1;
  return std::span(rows).first(points.size() + 1);
}

/// Where the weights of the points of a pair of channels lie: the first, and their distance.
struct PackedPlace {
  std::int64_t first, stride;
};

PackedPlace packed_place(const Winograd& winograd, std::int64_t phase, std::int64_t to,
                         std::int64_t from) {
  const std::int64_t n_from = winograd.in_channels(), chunk = winograd.chunk;
  const std::int64_t first_to = to / chunk * chunk;
  const std::int64_t n_to = padded(std::min(chunk, winograd.out.channels - first_to));
  const std::int64_t part = winograd.products[0].length, first_from = from / part * part;
  const std::int64_t length = std::min(part, n_from - first_from);
  const std::int64_t block = (to - first_to) / kChannelBlock;
  return {winograd.n_points() * n_from * (phase * padded(winograd.out.channels) + first_to) +
              first_from * n_to + (block * length + from - first_from) * kChannelBlock +
              to % kChannelBlock,
          n_from * n_to};
}

/// g of an output channel of a phase, and an input channel, those of all phases counted.
Kernel kernel_of(const Winograd& winograd, std::int64_t phase, std::int64_t to, std::int64_t from,
                 const float* weight) {
  std::int64_t out = to, in = from;
  if (winograd.backwards) {
    std::swap(out, in);
  } else {
    phase = from / winograd.in.channels;
    in %= winograd.in.channels;
  }
  const std::int64_t n_in = winograd.backwards ? winograd.out.channels : winograd.in.channels;
  const float* kernel = weight + (out * n_in + in) * winograd.kernel_height * winograd.kernel_width;
  const std::int64_t stride = winograd.stride, taps = winograd.taps();
  Kernel g{};
  for (std::int64_t r = 0; r < taps; ++r) {
    for (std::int64_t c = 0; c < taps; ++c) {
      const std::int64_t row = r * stride + phase / stride, column = c * stride + phase % stride;
      if (row >= winograd.kernel_height || column >= winograd.kernel_width) continue;
      const std::int64_t tap = r * taps + c;
      g[static_cast<std::size_t>(winograd.backwards ? taps * taps - 1 - tap : tap)] =
          kernel[row * winograd.kernel_width + column];
    }
  }
  return g;
}

/// Along one axis of the result of stride 2, counted with the padding before it: value q of phase p
/// is value 2q + p.
struct PhasedAxis {
  std::int64_t first;  ///< q of the first of phase 1; that of phase 0 is as much or one more
  bool skips;          ///< whether phase 0 begins with its own first
  std::int64_t size;   ///< values of a phase that tiles have to cover
};

PhasedAxis phased_axis(std::int64_t size, std::int64_t pad) {
  const std::int64_t first = pad / 2;
  const std::int64_t together = parts_of(size + pad, 2) - first, of_one = parts_of(size, 2);
  const bool skips = parts_of(of_one, Winograd::kTile) < parts_of(together, Winograd::kTile);
  return {first, skips, skips ? of_one : together};
}

}  // namespace

bool is_winograd(const Conv2d& conv) {
  if (conv.stride == 1) return conv.kernel_height == 3 && conv.kernel_width == 3;
  const auto is_halved = [](std::int64_t kernel) { return kernel == 3 || kernel == 4; };
  return conv.stride == 2 && is_halved(conv.kernel_height) && is_halved(conv.kernel_width);
}

Winograd forward_winograd(const Conv2d& conv, const Shape& in, const Shape& out) {
  Winograd result = of_conv(conv, in, out, /*backwards=*/false);
  result.top = conv.padding.top;
  result.left = conv.padding.left;
  return with_layout(std::move(result), out.height, out.width);
}

Winograd backward_winograd(const Conv2d& conv, const Shape& in, const Shape& out) {
  Winograd result = of_conv(conv, out, in, /*backwards=*/true);
  if (conv.stride == 1) {
    result.top = 2 - conv.padding.top;
    result.left = 2 - conv.padding.left;
    return with_layout(std::move(result), in.height, in.width);
  }
  // Value q of a phase is made of values q − 1 and q of ∂y.
  const PhasedAxis rows = phased_axis(in.height, conv.padding.top);
  const PhasedAxis columns = phased_axis(in.width, conv.padding.left);
  result.top = 1 - rows.first;
  result.left = 1 - columns.first;
  result.out_top = conv.padding.top % 2;
  result.out_left = conv.padding.left % 2;
  result.skips_row = rows.skips;
  result.skips_column = columns.skips;
  return with_layout(std::move(result), rows.size, columns.size);
}

bool is_faster(const Winograd& winograd, const TileTasks& direct, const ProductCosts& costs) {
  const std::int64_t in = winograd.in_channels();
  const std::int64_t out = winograd.out.channels * winograd.out_phases();
  std::int64_t direct_cost = 0;
  for (const TileTask& task : direct) {
    direct_cost += static_cast<std::int64_t>(task.out.size()) * task.n_rows * task.length *
                   winograd.out.channels;
  }
  // Measured: a transform of a channel takes as long as 400 products, or 200 where it has 25
  // points, since it waits for memory, and the weights, which every group reads again from a
  // distant cache, as long as those of a tile.
  const std::int64_t transform = winograd.stride == 1 ? 400 : 200;
  const std::int64_t n_groups = parts_of(winograd.n_tiles(), winograd.group);
  const std::int64_t products = winograd.n_points() * in * out;
  const auto cost = static_cast<double>(winograd.n_tiles() * (products + transform * (in + out))) +
                    costs.weight_read * static_cast<double>(n_groups * products);
  return cost < costs.direct * static_cast<double>(direct_cost);
}

void pack_winograd(const Winograd& winograd, const float* weight, std::vector<float>& packed) {
  const std::int64_t taps = winograd.taps();
  KernelMatrix rows;
  const auto matrix = kernel_matrix(taps, rows);
  const std::int64_t n_to = winograd.out.channels, n_from = winograd.in_channels();
  const std::int64_t n_phases = winograd.out_phases();
  packed.resize(static_cast<std::size_t>(winograd.n_points() * n_from * n_phases * padded(n_to)));
  for (std::int64_t i = 0; i < n_phases * n_to; ++i) {
    for (std::int64_t from = 0; from < n_from; ++from) {
      const Kernel g = kernel_of(winograd, i / n_to, i % n_to, from, weight);
      auto [place, stride] = packed_place(winograd, i / n_to, i % n_to, from);
      for (const auto& row : matrix) {
        std::array<double, 3> across{};
        for (std::int64_t tap = 0; tap < taps * taps; ++tap) {
          across[static_cast<std::size_t>(tap % taps)] +=
              row[static_cast<std::size_t>(tap / taps)] * g[static_cast<std::size_t>(tap)];
        }
        for (const auto& column : matrix) {
          packed[static_cast<std::size_t>(place)] = static_cast<float>(
              across[0] * column[0] + across[1] * column[1] + across[2] * column[2]);
          place += stride;
        }
      }
    }
  }
}

}  // namespace ebm::nets
