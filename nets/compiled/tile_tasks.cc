#include "nets/compiled/tile_tasks.h"

#include <algorithm>

#include "nets/architecture/narrow.h"

namespace ebm::nets {
namespace {

/// First and one past the last of something, along one axis.
struct Range {
  std::int64_t begin, end;
  std::int64_t size() const { return std::max<std::int64_t>(0, end - begin); }
  bool operator==(const Range&) const = default;
};

/// Taps of the kernel that lie inside the input for output position `out`.
Range taps_inside(std::int64_t out, std::int64_t stride, std::int64_t pad, std::int64_t kernel,
                  std::int64_t in_size) {
  const std::int64_t first = out * stride - pad;
  return {std::max<std::int64_t>(0, -first), std::min(kernel, in_size - first)};
}

/// Number of taps r, r + stride, ... below `kernel`.
std::int64_t taps_of_phase(std::int64_t phase, std::int64_t stride, std::int64_t kernel) {
  return phase < kernel ? (kernel - phase + stride - 1) / stride : 0;
}

/// What an input position sees along one axis: outputs [begin, end), and the packed place of the
/// tap of the first.
struct Seen {
  std::int64_t phase;
  Range outputs;
  std::int64_t first_tap;
};

Seen seen_by(std::int64_t in, std::int64_t stride, std::int64_t pad, std::int64_t kernel,
             std::int64_t out_size) {
  const std::int64_t phase = (in + pad) % stride, last = (in + pad) / stride;
  const std::int64_t n_taps = taps_of_phase(phase, stride, kernel);
  const Range outputs{std::max<std::int64_t>(0, last - n_taps + 1), std::min(out_size, last + 1)};
  // Tap j of the phase reaches output last − j; the last tap is packed first.
  return {phase, outputs, n_taps - 1 - (last - outputs.begin)};
}

/// Packed place of a phase's taps, in taps.
std::int64_t phase_begin(const Conv2d& conv, std::int64_t phase_row, std::int64_t phase_column) {
  std::int64_t taps = 0;
  for (std::int64_t r = 0; r < conv.stride; ++r) {
    for (std::int64_t c = 0; c < conv.stride; ++c) {
      if (r == phase_row && c == phase_column) return taps;
      taps += taps_of_phase(r, conv.stride, conv.kernel_height) *
              taps_of_phase(c, conv.stride, conv.kernel_width);
    }
  }
  return taps;
}

/// Puts a position with others of the same taps.
void add_position(const TileTask& taps, std::int64_t in, std::int64_t out, TileTasks& tasks) {
  const auto same = [&](const TileTask& task) {
    return task.weight == taps.weight && task.n_rows == taps.n_rows && task.length == taps.length &&
           task.weight_row_stride == taps.weight_row_stride;
  };
  auto found = std::find_if(tasks.begin(), tasks.end(), same);
  if (found == tasks.end()) found = tasks.insert(tasks.end(), taps);
  found->in.push_back(narrow(in));
  found->out.push_back(narrow(out));
}

}  // namespace

TileTasks forward_tasks(const Conv2d& conv, const Shape& in, const Shape& out) {
  TileTasks tasks;
  for (std::int64_t row = 0; row < out.height; ++row) {
    const Range rows =
        taps_inside(row, conv.stride, conv.padding.top, conv.kernel_height, in.height);
    for (std::int64_t column = 0; column < out.width; ++column) {
      const Range columns =
          taps_inside(column, conv.stride, conv.padding.left, conv.kernel_width, in.width);
      const std::int64_t place = (row * out.width + column) * out.channels;
      if (rows.size() == 0 || columns.size() == 0) {
        add_position({}, 0, place, tasks);
        continue;
      }
      const std::int64_t in_row = row * conv.stride - conv.padding.top + rows.begin;
      const std::int64_t in_column = column * conv.stride - conv.padding.left + columns.begin;
      const std::int64_t first_tap = rows.begin * conv.kernel_width + columns.begin;
      add_position({.weight = narrow(first_tap * in.channels * kChannelBlock),
                    .n_rows = narrow(rows.size()),
                    .length = narrow(columns.size() * in.channels),
                    .in_row_stride = narrow(in.width * in.channels),
                    .weight_row_stride = narrow(conv.kernel_width * in.channels * kChannelBlock),
                    .in = {},
                    .out = {}},
                   (in_row * in.width + in_column) * in.channels, place, tasks);
    }
  }
  return tasks;
}

TileTasks backward_tasks(const Conv2d& conv, const Shape& in, const Shape& out) {
  TileTasks tasks;
  for (std::int64_t row = 0; row < in.height; ++row) {
    const Seen rows = seen_by(row, conv.stride, conv.padding.top, conv.kernel_height, out.height);
    for (std::int64_t column = 0; column < in.width; ++column) {
      const Seen columns =
          seen_by(column, conv.stride, conv.padding.left, conv.kernel_width, out.width);
      const std::int64_t place = (row * in.width + column) * in.channels;
      if (rows.outputs.size() == 0 || columns.outputs.size() == 0) {
        add_position({}, 0, place, tasks);
        continue;
      }
      const std::int64_t taps_in_row = taps_of_phase(columns.phase, conv.stride, conv.kernel_width);
      const std::int64_t first_tap = phase_begin(conv, rows.phase, columns.phase) +
                                     rows.first_tap * taps_in_row + columns.first_tap;
      add_position({.weight = narrow(first_tap * out.channels * kChannelBlock),
                    .n_rows = narrow(rows.outputs.size()),
                    .length = narrow(columns.outputs.size() * out.channels),
                    .in_row_stride = narrow(out.width * out.channels),
                    .weight_row_stride = narrow(taps_in_row * out.channels * kChannelBlock),
                    .in = {},
                    .out = {}},
                   (rows.outputs.begin * out.width + columns.outputs.begin) * out.channels, place,
                   tasks);
    }
  }
  return tasks;
}

std::vector<TapPlaces> tap_places(const Conv2d& conv, const Shape& in, const Shape& out) {
  std::vector<TapPlaces> taps;
  for (std::int64_t r = 0; r < conv.kernel_height; ++r) {
    for (std::int64_t c = 0; c < conv.kernel_width; ++c) {
      TapPlaces& places = taps.emplace_back();
      for (std::int64_t row = 0; row < out.height; ++row) {
        for (std::int64_t column = 0; column < out.width; ++column) {
          const std::int64_t in_row = row * conv.stride - conv.padding.top + r;
          const std::int64_t in_column = column * conv.stride - conv.padding.left + c;
          if (in_row < 0 || in_row >= in.height || in_column < 0 || in_column >= in.width) continue;
          places.in.push_back(narrow((in_row * in.width + in_column) * in.channels));
          places.out.push_back(narrow((row * out.width + column) * out.channels));
        }
      }
    }
  }
  return taps;
}

void pack_forward(const Conv2d& conv, const Shape& in, const float* weight,
                  std::vector<float>& packed) {
  const std::int64_t kernel = conv.kernel_height * conv.kernel_width;
  const std::int64_t n_blocks = (conv.out_channels + kChannelBlock - 1) / kChannelBlock;
  packed.resize(static_cast<std::size_t>(n_blocks * kernel * in.channels * kChannelBlock));
  for (std::int64_t o = 0; o < conv.out_channels; ++o) {
    for (std::int64_t c = 0; c < in.channels; ++c) {
      for (std::int64_t tap = 0; tap < kernel; ++tap) {
        const std::int64_t group = (o / kChannelBlock * kernel + tap) * in.channels + c;
        packed[static_cast<std::size_t>(group * kChannelBlock + o % kChannelBlock)] =
            weight[(o * in.channels + c) * kernel + tap];
      }
    }
  }
}

void pack_backward(const Conv2d& conv, const Shape& in, const float* weight,
                   std::vector<float>& packed) {
  const std::int64_t kernel = conv.kernel_height * conv.kernel_width;
  const std::int64_t n_blocks = (in.channels + kChannelBlock - 1) / kChannelBlock;
  packed.resize(static_cast<std::size_t>(n_blocks * kernel * conv.out_channels * kChannelBlock));
  for (std::int64_t row = 0; row < conv.kernel_height; ++row) {
    for (std::int64_t column = 0; column < conv.kernel_width; ++column) {
      const std::int64_t r = row % conv.stride, c = column % conv.stride;
      const std::int64_t n_rows = taps_of_phase(r, conv.stride, conv.kernel_height);
      const std::int64_t n_columns = taps_of_phase(c, conv.stride, conv.kernel_width);
      const std::int64_t tap = phase_begin(conv, r, c) +
                               (n_rows - 1 - row / conv.stride) * n_columns + n_columns - 1 -
                               column / conv.stride;
      for (std::int64_t o = 0; o < conv.out_channels; ++o) {
        for (std::int64_t i = 0; i < in.channels; ++i) {
          const std::int64_t group = (i / kChannelBlock * kernel + tap) * conv.out_channels + o;
          packed[static_cast<std::size_t>(group * kChannelBlock + i % kChannelBlock)] =
              weight[(o * in.channels + i) * kernel + row * conv.kernel_width + column];
        }
      }
    }
  }
}

}  // namespace ebm::nets
