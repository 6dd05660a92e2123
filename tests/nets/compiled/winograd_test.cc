#include "nets/compiled/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "nets/compiled/compiled_net.h"
#include "nets/compiled/plan.h"
#include "samplers/chain_block.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {
using samplers::kLanes;
using Values = std::vector<double>;

/// Calls f(place in x, place in y, place in w) for all products of y = conv(x).
template <class F>
void for_each_product(const Conv2d& conv, const Shape& in, const Shape& out, const F& f) {
  const std::int64_t width = conv.kernel_width, n_taps = conv.kernel_height * width;
  for (std::int64_t o = 0; o < out.channels; ++o) {
    for (std::int64_t c = 0; c < in.channels; ++c) {
      for (std::int64_t row = 0; row < out.height; ++row) {
        for (std::int64_t column = 0; column < out.width; ++column) {
          for (std::int64_t tap = 0; tap < n_taps; ++tap) {
            const std::int64_t r = row * conv.stride - conv.padding.top + tap / width;
            const std::int64_t k = column * conv.stride - conv.padding.left + tap % width;
            if (r < 0 || r >= in.height || k < 0 || k >= in.width) continue;
            f(static_cast<std::size_t>((c * in.height + r) * in.width + k),
              static_cast<std::size_t>((o * out.height + row) * out.width + column),
              static_cast<std::size_t>((o * in.channels + c) * n_taps + tap));
          }
        }
      }
    }
  }
}

Values convolved(const Conv2d& conv, const Shape& in, const Shape& out, const Values& x,
                 const std::vector<float>& weight, const std::vector<float>& bias) {
  Values y(static_cast<std::size_t>(out.size()));
  const auto plane = static_cast<std::size_t>(out.height * out.width);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = double{bias[i / plane]};
  for_each_product(conv, in, out, [&](std::size_t from, std::size_t to, std::size_t w) {
    y[to] += double{weight[w]} * x[from];
  });
  return y;
}

Values convolved_backwards(const Conv2d& conv, const Shape& in, const Shape& out,
                           const Values& y_grad, const std::vector<float>& weight) {
  Values x_grad(static_cast<std::size_t>(in.size()));
  for_each_product(conv, in, out, [&](std::size_t to, std::size_t from, std::size_t w) {
    x_grad[to] += double{weight[w]} * y_grad[from];
  });
  return x_grad;
}

std::vector<float> drawn(std::int64_t n, double bound, std::uint64_t stream_id) {
  base::RandomStream stream({.seed = 5}, stream_id);
  std::vector<float> values(static_cast<std::size_t>(n));
  for (float& value : values) {
    value = static_cast<float>(bound * (2 * double{stream.next_uniform()} - 1));
  }
  return values;
}

Conv2d conv_of(std::int64_t out_channels, std::int64_t height, std::int64_t width,
               std::int64_t stride, const Padding& padding) {
  Conv2d conv;
  conv.out_channels = out_channels;
  conv.kernel_height = height;
  conv.kernel_width = width;
  conv.stride = stride;
  conv.padding = padding;
  return conv;
}

Conv2d conv_3x3(std::int64_t out_channels, const Padding& padding) {
  return conv_of(out_channels, 3, 3, 1, padding);
}

/// E = v·conv(silu(conv(x))) of 16 chains beside loops in double precision.
void expect_loops(const Shape& input, const Conv2d& first, const Conv2d& second) {
  const Shape middle = output_shape(first, input, "first");
  const Shape last = output_shape(second, middle, "second");
  Linear sum;
  sum.bias = false;
  const auto bound = [](std::int64_t n) { return 1 / std::sqrt(static_cast<double>(n)); };
  const std::int64_t fan_in = first.kernel_height * first.kernel_width * input.channels;
  const std::int64_t fan_middle = second.kernel_height * second.kernel_width * middle.channels;
  const LayerWeights weights = {drawn(fan_in * middle.channels, bound(fan_in), 1),
                                drawn(middle.channels, 1, 2),
                                drawn(fan_middle * last.channels, bound(fan_middle), 3),
                                drawn(last.channels, 1, 4), drawn(last.size(), 1, 5)};
  const CompiledNet net({"two", input, {first, Activation{}, second, Flatten{}, sum}}, weights);
  int n_winograd = 0;
  for (const PlanOp& op : net.plan().ops) {
    n_winograd += op.forward_winograd.has_value();
    n_winograd += op.backward_winograd.has_value();
  }
  ASSERT_EQ(n_winograd, 4);

  samplers::ChainStore chains(kLanes, input.size());
  const std::vector<float> rows = drawn(kLanes * input.size(), 1.5, 6);
  chains.load_rows(rows);
  const samplers::ChainBlocks block = chains.blocks(0, 1);
  net.make_evaluator(1)->evaluate({1, block.x, {}}, block.energy, block.energy_grad);
  // The first chain and the last.
  for (const std::int64_t chain : {std::int64_t{0}, kLanes - 1}) {
    const auto row = rows.begin() + chain * input.size();
    const Values x(row, row + input.size());
    Values y = convolved(first, input, middle, x, weights[0], weights[1]);
    Values slope(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double sigmoid = 1 / (1 + std::exp(-y[i]));
      slope[i] = sigmoid * (1 + y[i] * (1 - sigmoid));
      y[i] *= sigmoid;
    }
    const Values z = convolved(second, middle, last, y, weights[2], weights[3]);
    double energy = 0, size = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      energy += double{weights[4][i]} * z[i];
      size = std::max(size, std::abs(z[i]));
    }
    Values grad = convolved_backwards(second, middle, last,
                                      Values(weights[4].begin(), weights[4].end()), weights[2]);
    for (std::size_t i = 0; i < grad.size(); ++i) grad[i] *= slope[i];
    grad = convolved_backwards(first, input, middle, grad, weights[0]);
    const auto lane = static_cast<std::size_t>(chain);
    EXPECT_NEAR(double{block.energy[lane]}, energy, 1e-5 * std::max(std::abs(energy), size));
    double largest = 0, error = 0;
    for (std::size_t i = 0; i < grad.size(); ++i) {
      largest = std::max(largest, std::abs(grad[i]));
      error = std::max(error, std::abs(double{block.energy_grad[i * kLanes + lane]} - grad[i]));
    }
    EXPECT_LT(error, 1e-5 * largest);
  }
}

TEST(WinogradTest, EqualsLoopsInDoublePrecisionOnEveryTarget) {
  samplers::on_every_target([] {
    // Whole tiles; parts of tiles at every border; more channels than a chunk, a part or a block.
    expect_loops({16, 16, 8}, conv_3x3(16, {1, 1, 1, 1}), conv_3x3(24, {1, 1, 1, 1}));
    expect_loops({19, 13, 9}, conv_3x3(70, {0, 2, 3, 1}), conv_3x3(21, {3, 0, 0, 3}));
    expect_loops({40, 7, 17}, conv_3x3(131, {1, 1, 1, 1}), conv_3x3(27, {0, 2, 2, 0}));
  });
}

TEST(WinogradTest, OfStride2EqualsLoopsInDoublePrecisionOnEveryTarget) {
  samplers::on_every_target([] {
    // Whole tiles, of which phases skip a row or a column; odd sizes, uneven and wide borders; taps
    // that some phases lack, and more channels than a chunk or a part.
    expect_loops({32, 32, 16}, conv_of(32, 4, 4, 2, {1, 1, 1, 1}),
                 conv_of(48, 4, 4, 2, {1, 1, 1, 1}));
    expect_loops({12, 30, 31}, conv_of(70, 4, 4, 2, {1, 2, 0, 3}),
                 conv_of(37, 4, 4, 2, {1, 2, 0, 2}));
    expect_loops({48, 15, 32}, conv_of(70, 3, 4, 2, {1, 1, 0, 2}),
                 conv_of(64, 4, 4, 2, {0, 2, 0, 2}));
  });
}

bool is_taken(const Shape& in, const Conv2d& conv) {
  const Shape out = output_shape(conv, in, "conv");
  return is_faster(forward_winograd(conv, in, out), forward_tasks(conv, in, out));
}

TEST(WinogradTest, IsTakenWhereItIsFaster) {
  const auto is_3x3_taken = [](const Shape& in, std::int64_t out_channels) {
    return is_taken(in, conv_3x3(out_channels, {1, 1, 1, 1}));
  };
  EXPECT_TRUE(is_3x3_taken({128, 32, 32}, 128));
  EXPECT_TRUE(is_3x3_taken({256, 8, 8}, 256));
  EXPECT_TRUE(is_3x3_taken({16, 16, 16}, 16));
  EXPECT_FALSE(is_3x3_taken({64, 28, 28}, 1));  // one channel of an image, as backwards into it
  EXPECT_FALSE(is_3x3_taken({8, 32, 32}, 8));  // the transforms would take longer than the products
  EXPECT_FALSE(is_3x3_taken({128, 5, 5}, 128));  // three of four tiles are nearly empty
}

TEST(WinogradTest, OfStride2IsTakenWhereItIsFaster) {
  const Padding padding{1, 1, 1, 1};
  EXPECT_TRUE(is_taken({64, 28, 28}, conv_of(64, 4, 4, 2, padding)));
  EXPECT_TRUE(is_taken({64, 14, 14}, conv_of(128, 4, 4, 2, padding)));
  const Conv2d halving = conv_of(256, 4, 4, 2, padding);
  const Shape in{128, 16, 16}, out{256, 8, 8};
  EXPECT_TRUE(is_faster(backward_winograd(halving, in, out), backward_tasks(halving, in, out)));
  EXPECT_FALSE(is_taken({1, 28, 28}, conv_of(64, 4, 4, 2, padding)));
  EXPECT_FALSE(is_taken({16, 16, 16}, conv_of(32, 3, 3, 2, padding)));  // a phase has one tap
}

TEST(WinogradTest, IsComparedWithWhatAUnitTakesForPairs) {
  const auto is_taken_in_bf16 = [](const Shape& in, const Conv2d& conv) {
    const Shape out = output_shape(conv, in, "conv"), pairs{in.channels / 2, in.height, in.width};
    return is_faster(forward_winograd(conv, in, out), forward_tasks(conv, pairs, out),
                     kAvx512Bf16Costs);
  };
  // A quarter of the products is less than a half; 25 of 64, with its transforms, is not.
  EXPECT_TRUE(is_taken_in_bf16({128, 32, 32}, conv_3x3(128, {1, 1, 1, 1})));
  EXPECT_TRUE(is_taken_in_bf16({256, 4, 4}, conv_3x3(256, {1, 1, 1, 1})));
  EXPECT_FALSE(is_taken_in_bf16({16, 16, 16}, conv_3x3(16, {1, 1, 1, 1})));
  EXPECT_FALSE(is_taken_in_bf16({64, 28, 28}, conv_of(64, 4, 4, 2, {1, 1, 1, 1})));
  EXPECT_FALSE(is_taken_in_bf16({64, 14, 14}, conv_of(128, 4, 4, 2, {1, 1, 1, 1})));
}

TEST(WinogradTest, IsForKernelsOf3x3AndForThoseThatStride2Halves) {
  const auto is_for = [](std::int64_t height, std::int64_t width, std::int64_t stride) {
    return is_winograd(conv_of(16, height, width, stride, {}));
  };
  EXPECT_TRUE(is_for(3, 3, 1));
  EXPECT_FALSE(is_for(3, 1, 1));
  EXPECT_FALSE(is_for(4, 4, 1));
  EXPECT_TRUE(is_for(4, 4, 2));
  EXPECT_TRUE(is_for(3, 4, 2));
  EXPECT_FALSE(is_for(5, 4, 2));
  EXPECT_FALSE(is_for(2, 4, 2));
  EXPECT_FALSE(is_for(4, 4, 3));
}

}  // namespace
}  // namespace ebm::nets
