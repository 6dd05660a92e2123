#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/aligned_vector.h"
#include "base/float_mode.h"
#include "base/names/choice.h"
#include "base/random.h"
#include "nets/architecture/architecture.h"
#include "nets/compiled/block_gradient.h"
#include "nets/compiled/compiled_net.h"
#include "nets/compiled/plan.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/simd/bf16_unit.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {

/// The nearest number of 8 significant bits, ties to even, by arithmetic in double precision.
inline double to_bf16(double value) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  int exponent = 0;
  std::frexp(value, &exponent);
  const double unit = std::ldexp(1.0, exponent - 8);
  return std::nearbyint(value / unit) * unit;  // both exact but for the rounding
}

/// Runs the body of a test on every unit of the machine, and by F32 on every SIMD target, or only
/// on the best one.
template <class Body>
void on_every_unit(const Body& body, bool on_all_targets = true) {
  using samplers::Bf16Unit;
  const auto units = samplers::runnable_bf16_units();
  for (const Bf16Unit unit : units) {
    if (unit == Bf16Unit::kF32) continue;
    samplers::force_bf16_unit(unit);
    SCOPED_TRACE(base::name_of<Bf16Unit>("unit", samplers::kBf16Units, unit));
    body();
  }
  // Tiles that are arrays, where AMX is missing but what it goes with is not.
  if (units.front() == Bf16Unit::kAvx512Bf16) {
    samplers::force_bf16_unit(Bf16Unit::kAmxBf16);
    SCOPED_TRACE("tiles of AMX as arrays");
    body();
  }
  samplers::force_bf16_unit(Bf16Unit::kF32);
  if (on_all_targets) {
    samplers::on_every_target(body);
  } else {
    body();
  }
  samplers::force_bf16_unit(std::nullopt);
}

/// Weights of about the size that keeps the activations at 1, and batch norms as training leaves
/// them.
inline LayerWeights varied_weights(const Architecture& architecture, std::uint64_t seed) {
  LayerWeights weights;
  for (const Parameter& parameter : parameters(architecture)) {
    if (!parameter.is_used()) continue;
    base::RandomStream stream({.seed = seed}, weights.size());
    auto& values = weights.emplace_back(static_cast<std::size_t>(parameter.size()));
    const double bound = 1.5 / std::sqrt(static_cast<double>(parameter.fan_in));
    for (float& value : values) {
      const double drawn = 2.0 * double{stream.next_uniform()} - 1.0;
      const bool is_near_1 =
          parameter.kind == ParameterKind::kVariance || parameter.kind == ParameterKind::kGain;
      value = static_cast<float>(is_near_1 ? 1.0 + 0.5 * drawn : bound * drawn);
    }
  }
  return weights;
}

/// Sums of products in double precision, and of their moduli, which are what rounding goes by.
struct Sums {
  explicit Sums(std::int64_t n)
      : value(static_cast<std::size_t>(n)), size(static_cast<std::size_t>(n)) {}
  void add(std::int64_t i, double product) {
    value[static_cast<std::size_t>(i)] += product;
    size[static_cast<std::size_t>(i)] += std::abs(product);
  }
  double largest() const { return *std::max_element(size.begin(), size.end()); }
  std::vector<double> value, size;
};

/// Calls f(place in x, place in y, place in w) for all products of y = conv(x) as a plan lays them
/// out: x and y [height][width][channels].
template <class F>
void for_each_laid_out_product(const Conv2d& conv, const Shape& in, const Shape& out, const F& f) {
  const std::int64_t width = conv.kernel_width, n_taps = conv.kernel_height * width;
  for (std::int64_t place = 0; place < out.height * out.width; ++place) {
    for (std::int64_t tap = 0; tap < n_taps; ++tap) {
      const std::int64_t row = place / out.width * conv.stride - conv.padding.top + tap / width;
      const std::int64_t column = place % out.width * conv.stride - conv.padding.left + tap % width;
      if (row < 0 || row >= in.height || column < 0 || column >= in.width) continue;
      for (std::int64_t o = 0; o < out.channels; ++o) {
        for (std::int64_t c = 0; c < in.channels; ++c) {
          f((row * in.width + column) * in.channels + c, place * out.channels + o,
            (o * in.channels + c) * n_taps + tap);
        }
      }
    }
  }
}

inline double activated(const Activation& activation, double x) {
  switch (activation.kind) {
    case ActivationKind::kSilu:
      return x / (1.0 + std::exp(-x));
    case ActivationKind::kRelu:
      return std::max(x, 0.0);
    case ActivationKind::kLeakyRelu:
      return x > 0.0 ? x : double{static_cast<float>(activation.parameter)} * x;
    case ActivationKind::kElu:
      return x > 0.0 ? x : activation.parameter * std::expm1(x);
    case ActivationKind::kSoftplus:
      return std::max(x, 0.0) +
             std::log1p(std::exp(-std::abs(activation.parameter * x))) / activation.parameter;
    case ActivationKind::kTanh:
      return std::tanh(x);
    case ActivationKind::kScale:
      return activation.parameter * x;
  }
  return std::nan("");
}

/// What the operations of a plan make of one block beside the same in double precision: each from
/// the values and gradients that the plan itself has at its inputs, rounded here. So a value near
/// the middle of two numbers of bfloat16 is rounded to the same one in both, and every operation
/// can be held to rounding of float32: 1e-5 of the sum of the moduli of its products.
class BlockCheck {
 public:
  /// @param lanes  chains of which the products are checked
  BlockCheck(const Architecture& architecture, const LayerWeights& weights,
             std::vector<std::int64_t> lanes)
      : net_(architecture, weights, Precision::kBfloat16), lanes_(std::move(lanes)) {
    auto next = weights.begin();
    for (const PlanOp& op : net_.plan().ops) take_weights(op, next);
    EXPECT_EQ(next, weights.end());
  }

  /// @param with_weight_gradient  not of a network with films: those that are merged leave
  ///                              gradients in place of which others may be rounded
  void run(std::uint64_t seed, bool with_weight_gradient) {
    const base::FlushDenormals flush;
    const auto size = static_cast<std::size_t>(net_.dim() * samplers::kLanes);
    x_.resize(size);
    x_grad_.assign(size, 0.0f);
    work_.resize(static_cast<std::size_t>(net_.plan().workspace * samplers::kLanes));
    base::RandomStream stream({.seed = seed}, 0);
    for (float& value : x_) value = static_cast<float>(stream.next_normal());
    draw_context(stream);
    base::AlignedVector<float> energy(samplers::kLanes);
    gradients_.assign(net_.plan().ops.size(), {});
    net_.evaluate_block(x_.data(), context_.data(), energy.data(), x_grad_.data(), work_.data(),
                        [&](std::size_t op, bool is_backward) { after(op, is_backward); });
    if (with_weight_gradient) check_weight_gradient();
  }

  /// The largest error of a sum, in units of what is allowed.
  double worst() const { return worst_; }
  std::int64_t n_products() const { return n_products_; }
  const Plan& plan() const { return net_.plan(); }

 private:
  /// As weights are packed: scaled by the batch norm that belongs to them, then rounded.
  struct Product {
    std::vector<double> weight, bias;
  };

  /// A label and a noise level for each chain.
  void draw_context(base::RandomStream& stream) {
    const Plan& plan = net_.plan();
    for (std::int64_t lane = 0; lane < samplers::kLanes && plan.classes > 0; ++lane) {
      context_.push_back(static_cast<float>((3 * lane + 1) % (plan.classes + 1)));
    }
    while (std::ssize(context_) < plan.context_dim * samplers::kLanes) {
      context_.push_back(static_cast<float>(std::exp(stream.next_normal())));
    }
  }

  void take_weights(const PlanOp& op, LayerWeights::const_iterator& next) {
    Product& product = products_.emplace_back();
    if (op.kind != PlanOpKind::kProduct) {
      if (op.norm_epsilon > 0.0) next += op.kind == PlanOpKind::kModulate ? 2 : 4;
      if (op.kind == PlanOpKind::kTableRows) next += op.n_tables;
      if (is_learned_scale(op)) next += op.channel_scale.bias ? 2 : 1;
      return;
    }
    std::vector<float> weight = *next++;
    const std::int64_t n_out = op.out_shape.channels;
    product.bias.resize(static_cast<std::size_t>(n_out));
    if (op.conv.bias) product.bias.assign(next->begin(), next->end()), ++next;
    if (op.norm_epsilon > 0.0) {
      const auto &gain = next[0], &shift = next[1], &mean = next[2], &variance = next[3];
      next += 4;
      const auto n_each = static_cast<std::int64_t>(weight.size()) / n_out;
      const std::int64_t kernel = op.conv.kernel_height * op.conv.kernel_width;
      for (std::int64_t i = 0; i < n_out * n_each; ++i) {
        const auto c = static_cast<std::size_t>(op.transposed ? i / kernel % n_out : i / n_each);
        weight[static_cast<std::size_t>(i)] *=
            static_cast<float>(double{gain[c]} / std::sqrt(double{variance[c]} + op.norm_epsilon));
      }
      for (std::size_t c = 0; c < product.bias.size(); ++c) {
        const double scale = double{gain[c]} / std::sqrt(double{variance[c]} + op.norm_epsilon);
        product.bias[c] = scale * (product.bias[c] - double{mean[c]}) + double{shift[c]};
      }
    }
    for (const float each : weight) product.weight.push_back(to_bf16(double{each}));
  }

  const float* value(const base::AlignedVector<float>& memory, int index) const {
    return index == 0 ? x_.data()
                      : memory.data() + net_.plan().values[static_cast<std::size_t>(index)].merged *
                                            samplers::kLanes;
  }
  const float* gradient(int index) const {
    return index == 0 ? x_grad_.data() : value(work_, index);
  }

  void after(std::size_t index, bool is_backward) {
    const auto& ops = net_.plan().ops;
    const PlanOp& op = ops[index];
    if (!is_backward) {
      if (op.kind == PlanOpKind::kProduct) check_forward(index);
      if (index + 1 == ops.size()) {
        values_ = work_;
        // The gradient of the result is where its value was, once the backward pass has begun.
        const auto& last = net_.plan().values[static_cast<std::size_t>(op.out)];
        for (std::int64_t i = 0; i < samplers::kLanes; ++i) {
          work_before_out_.push_back(
              last.derivative < 0
                  ? 1.0f
                  : work_[static_cast<std::size_t>(last.derivative * samplers::kLanes + i)]);
        }
        before_in_ = copy(gradient(op.in.value), op.in_shape.size());
        gradients_[index] = work_before_out_;
      }
      return;
    }
    if (op.kind == PlanOpKind::kProduct && !op.of_context) check_backward(index);
    if (index == 0) return;
    const PlanOp& next = ops[index - 1];
    gradients_[index - 1] = copy(gradient(next.out), next.out_shape.size());
    if (next.in.value < 0) return;
    before_in_ = copy(gradient(next.in.value), next.in_shape.size());
  }

  static std::vector<float> copy(const float* from, std::int64_t n) {
    return {from, from + n * samplers::kLanes};
  }

  /// The sums of an operation, or of its transpose, for one chain.
  Sums sums_of(std::size_t index, bool backwards, const float* from, std::int64_t lane) const {
    const PlanOp& op = net_.plan().ops[index];
    const Shape& in = op.transposed ? op.out_shape : op.in_shape;
    const Shape& out = op.transposed ? op.in_shape : op.out_shape;
    const Shape& from_shape = backwards ? op.out_shape : op.in_shape;
    std::vector<double> operands;
    for (std::int64_t i = 0; i < from_shape.size(); ++i) {
      operands.push_back(to_bf16(double{from[i * samplers::kLanes + lane]}));
    }
    Sums sums((backwards ? op.in_shape : op.out_shape).size());
    const std::vector<double>& weight = products_[index].weight;
    for_each_laid_out_product(
        op.conv, in, out, [&](std::int64_t x, std::int64_t y, std::int64_t w) {
          const bool from_x = backwards == op.transposed;
          sums.add(from_x ? y : x, weight[static_cast<std::size_t>(w)] *
                                       operands[static_cast<std::size_t>(from_x ? x : y)]);
        });
    return sums;
  }

  /// @param largest  size of a tile's neighbours, of which Winograd makes differences
  void expect_near(float found, double expected, double size, const char* what, std::size_t index,
                   double largest = 0.0) {
    // With a float32 rounding of whatever comes after the sum.
    const double allowed = 1e-5 * size + 1e-6 * (std::abs(expected) + largest) + 1e-30;
    const double error = std::abs(double{found} - expected) / allowed;
    worst_ = std::max(worst_, error);
    ++n_products_;
    if (!(error <= 1.0)) {
      ADD_FAILURE() << what << " of operation " << index << ": " << found << ", not " << expected
                    << " within " << allowed;
    }
  }

  void check_forward(std::size_t index) {
    const PlanOp& op = net_.plan().ops[index];
    const float* found = value(work_, op.out);
    for (const std::int64_t lane : lanes_) {
      const Sums sums = sums_of(index, /*backwards=*/false, value(work_, op.in.value), lane);
      // An exponential next to 1, of which 1 is taken, is off by 2^-24.
      const double largest =
          (op.forward_winograd ? sums.largest() : 0.0) + (op.activation ? 0.12 : 0);
      for (std::int64_t i = 0; i < op.out_shape.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double bias = products_[index].bias[at % products_[index].bias.size()];
        double expected = sums.value[at] + bias;
        if (op.activation) expected = activated(*op.activation, expected);
        // No activation is steeper than SiLU, 1.1.
        expect_near(found[i * samplers::kLanes + lane], expected,
                    1.1 * (sums.size[at] + std::abs(bias)), "result", index, largest);
        if (testing::Test::HasFailure()) return;
      }
    }
  }

  void check_backward(std::size_t index) {
    const PlanOp& op = net_.plan().ops[index];
    const std::int64_t slopes =
        net_.plan().values[static_cast<std::size_t>(op.in.value)].derivative;
    const float* found = gradient(op.in.value);
    for (const std::int64_t lane : lanes_) {
      const Sums sums = sums_of(index, /*backwards=*/true, gradients_[index].data(), lane);
      const double largest = op.backward_winograd ? sums.largest() : 0.0;
      for (std::int64_t i = 0; i < op.in_shape.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const std::int64_t place = i * samplers::kLanes + lane;
        const double before =
            op.in.adds ? double{before_in_[static_cast<std::size_t>(place)]} : 0.0;
        const double slope =
            op.in.finishes && slopes >= 0
                ? double{work_[static_cast<std::size_t>(slopes * samplers::kLanes + place)]}
                : 1.0;
        expect_near(found[place], slope * (sums.value[at] + before),
                    std::abs(slope) * (sums.size[at] + std::abs(before)), "gradient", index,
                    std::abs(slope) * largest);
        if (testing::Test::HasFailure()) return;
      }
    }
  }

  void check_weight_gradient() {
    std::vector<float> rows(x_.size());
    for (std::int64_t i = 0; i < net_.dim() * samplers::kLanes; ++i) {
      rows[static_cast<std::size_t>(i % samplers::kLanes * net_.dim() + i / samplers::kLanes)] =
          x_[static_cast<std::size_t>(i)];
    }
    const WeightGradient found = weight_gradient(
        net_, rows, [](std::int64_t, float) { return 1.0f; }, 1);
    auto next = found.gradient.begin();
    for (std::size_t index = 0; index < net_.plan().ops.size(); ++index) {
      const PlanOp& op = net_.plan().ops[index];
      if (is_learned_scale(op)) next += op.channel_scale.bias ? 2 : 1;
      if (op.kind != PlanOpKind::kProduct) continue;
      const float* x = value(values_, op.in.value);
      const float* g = gradients_[index].data();
      if (op.transposed) std::swap(x, g);
      Sums sums(static_cast<std::int64_t>(next->size()));
      for_each_laid_out_product(
          op.conv, op.transposed ? op.out_shape : op.in_shape,
          op.transposed ? op.in_shape : op.out_shape,
          [&](std::int64_t from_x, std::int64_t from_g, std::int64_t w) {
            for (std::int64_t lane = 0; lane < samplers::kLanes; ++lane) {
              sums.add(w, to_bf16(double{x[from_x * samplers::kLanes + lane]}) *
                              to_bf16(double{g[from_g * samplers::kLanes + lane]}));
            }
          });
      for (std::size_t i = 0; i < next->size(); ++i) {
        expect_near((*next)[i], sums.value[i], sums.size[i], "weight gradient", index);
        if (testing::Test::HasFailure()) return;
      }
      ++next;
      if (op.conv.bias) check_bias_gradient(index, *next++);
    }
    EXPECT_EQ(next, found.gradient.end());
  }

  void check_bias_gradient(std::size_t index, const std::vector<float>& found) {
    const PlanOp& op = net_.plan().ops[index];
    Sums sums(op.out_shape.channels);
    for (std::int64_t i = 0; i < op.out_shape.size() * samplers::kLanes; ++i) {
      sums.add(i / samplers::kLanes % op.out_shape.channels,
               double{gradients_[index][static_cast<std::size_t>(i)]});
    }
    for (std::size_t c = 0; c < found.size(); ++c) {
      expect_near(found[c], sums.value[c], sums.size[c], "bias gradient", index);
    }
  }

  CompiledNet net_;
  std::vector<std::int64_t> lanes_;
  std::vector<Product> products_;
  base::AlignedVector<float> x_, x_grad_, work_, values_, context_;
  std::vector<float> work_before_out_, before_in_;
  std::vector<std::vector<float>> gradients_;  ///< at the results of operations
  double worst_ = 0.0;
  std::int64_t n_products_ = 0;
};

}  // namespace ebm::nets
