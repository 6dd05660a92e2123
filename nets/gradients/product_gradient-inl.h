// Gradients of the weights of one product, or of tables, from 16 chains. Compiled once per SIMD
// target.

#if defined(EBM_NETS_PRODUCT_GRADIENT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_PRODUCT_GRADIENT_INL_H_
#undef EBM_NETS_PRODUCT_GRADIENT_INL_H_
#else
#define EBM_NETS_PRODUCT_GRADIENT_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/interruption.h"
#include "nets/compiled/bf16-inl.h"
#include "nets/compiled/block_gradient.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE float sum_of_lanes(const Lanes& a) {
  const lanes::FloatTag df;
  auto sum = a.r[0];
  for (std::size_t i = 1; i < lanes::kRegisters; ++i) sum = hn::Add(sum, a.r[i]);
  return hn::GetLane(hn::SumOfLanes(df, sum));
}

#if HWY_TARGET != HWY_SCALAR
// The sum of a register's blocks of four lanes.
template <class D, class V>
HWY_INLINE auto sum_of_quarters(D, V v) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return v;
  } else {
    const hn::Half<D> half;
    return sum_of_quarters(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  }
}
#endif

// sum_of_lanes of four at once, which takes a quarter of the additions and half of the shuffles.
HWY_INLINE void sums_of_lanes(const Lanes& a, const Lanes& b, const Lanes& c, const Lanes& d,
                              float* HWY_RESTRICT sums) {
#if HWY_TARGET == HWY_SCALAR
  sums[0] = sum_of_lanes(a);
  sums[1] = sum_of_lanes(b);
  sums[2] = sum_of_lanes(c);
  sums[3] = sum_of_lanes(d);
#else
  const lanes::FloatTag df;
  const hn::Repartition<std::uint64_t, lanes::FloatTag> pairs;
  const auto registers = [](const Lanes& v) HWY_ATTR {
    auto sum = v.r[0];
    for (std::size_t i = 1; i < lanes::kRegisters; ++i) sum = hn::Add(sum, v.r[i]);
    return sum;
  };
  // Of each block of four lanes: (a, b) to (a0 + a2, b0 + b2, a1 + a3, b1 + b3), then all four.
  const auto of_two = [&](auto p, auto q) HWY_ATTR {
    return hn::BitCast(pairs,
                       hn::Add(hn::InterleaveLower(df, p, q), hn::InterleaveUpper(df, p, q)));
  };
  const auto ab = of_two(registers(a), registers(b)), cd = of_two(registers(c), registers(d));
  const auto abcd = hn::Add(hn::BitCast(df, hn::InterleaveLower(pairs, ab, cd)),
                            hn::BitCast(df, hn::InterleaveUpper(pairs, ab, cd)));
  hn::StoreU(sum_of_quarters(df, abcd), hn::CappedTag<float, 4>(), sums);
#endif
}

// Products of kOut channels of the gradient, from first_out on, and kIn of the input, summed over
// all places at which a tap is used, over chains, and over the factors given.
template <int kOut, int kIn>
HWY_INLINE void tap_sums(const TapPlaces& places, std::span<const OuterProduct> products,
                         std::int64_t first_out, std::int64_t first_in, std::int64_t out_stride,
                         std::int64_t in_stride, float* HWY_RESTRICT weight) {
  Lanes sum[kOut][kIn];
#pragma GCC unroll 8
  for (int o = 0; o < kOut; ++o) {
#pragma GCC unroll 8
    for (int i = 0; i < kIn; ++i) sum[o][i] = lanes::all_lanes(0.0f);
  }
  for (const OuterProduct& product : products) {
    const float* HWY_RESTRICT x = product.x + first_in * kLanes;
    const float* HWY_RESTRICT g = product.g + first_out * kLanes;
    for (std::size_t place = 0; place < places.in.size(); ++place) {
      const float* HWY_RESTRICT from_x = x + places.in[place] * kLanes;
      const float* HWY_RESTRICT from_g = g + places.out[place] * kLanes;
      Lanes v[kIn];
#pragma GCC unroll 8
      for (int i = 0; i < kIn; ++i) v[i] = lanes::load_lanes(from_x + i * kLanes);
#pragma GCC unroll 8
      for (int o = 0; o < kOut; ++o) {
        const Lanes factor = lanes::load_lanes(from_g + o * kLanes);
#pragma GCC unroll 8
        for (int i = 0; i < kIn; ++i) sum[o][i] = lanes::mul_add(factor, v[i], sum[o][i]);
      }
    }
  }
  float sums[kOut * kIn];
  if constexpr (kOut == 4) {
#pragma GCC unroll 8
    for (int i = 0; i < kIn; ++i) {
      sums_of_lanes(sum[0][i], sum[1][i], sum[2][i], sum[3][i], sums + i * kOut);
    }
  } else {
#pragma GCC unroll 8
    for (int o = 0; o < kOut; ++o) {
#pragma GCC unroll 8
      for (int i = 0; i < kIn; ++i) sums[i * kOut + o] = sum_of_lanes(sum[o][i]);
    }
  }
  for (int o = 0; o < kOut; ++o) {
    for (int i = 0; i < kIn; ++i) weight[o * out_stride + i * in_stride] = sums[i * kOut + o];
  }
}

template <int kOut>
HWY_INLINE void all_inputs(const TapPlaces& places, std::span<const OuterProduct> products,
                           std::int64_t first_out, std::int64_t n_in, std::int64_t out_stride,
                           std::int64_t in_stride, float* HWY_RESTRICT weight) {
  constexpr int kIn = lanes::kRegisters == 1 ? 4 : 2;
  std::int64_t i = 0;
  for (; i + kIn <= n_in; i += kIn) {
    tap_sums<kOut, kIn>(places, products, first_out, i, out_stride, in_stride,
                        weight + i * in_stride);
  }
  for (; i < n_in; ++i) {
    tap_sums<kOut, 1>(places, products, first_out, i, out_stride, in_stride,
                      weight + i * in_stride);
  }
}

// ∂W [out, in, kh, kw] of one product: the sum of x ⊗ g of its inputs and the gradients of its
// results; of a transposed one [in, out, kh, kw], with the two in exchanged roles.
// @param products  up to kMostProducts; of a transposed product they are exchanged here
static HWY_NOINLINE void product_gradient(const PlanOp& op, std::span<const OuterProduct> products,
                                          float* HWY_RESTRICT weight) {
  const std::int64_t n_out = op.conv.out_channels;
  const std::int64_t n_in = (op.transposed ? op.out_shape : op.in_shape).channels;
  OuterProduct exchanged[kMostProducts];
  if (op.transposed) {
    for (std::size_t i = 0; i < products.size(); ++i) {
      exchanged[i] = {products[i].g, products[i].x};
    }
    products = {exchanged, products.size()};
  }
  const auto n_taps = static_cast<std::int64_t>(op.taps.size());
  constexpr int kOut = lanes::kRegisters == 4 ? 2 : 4;
  for (std::int64_t tap = 0; tap < n_taps; ++tap) {
    base::throw_if_interrupted();
    const TapPlaces& places = op.taps[static_cast<std::size_t>(tap)];
    std::int64_t o = 0;
    for (; o + kOut <= n_out; o += kOut) {
      all_inputs<kOut>(places, products, o, n_in, n_in * n_taps, n_taps,
                       weight + o * n_in * n_taps + tap);
    }
    for (; o < n_out; ++o) {
      all_inputs<1>(places, products, o, n_in, n_in * n_taps, n_taps,
                    weight + o * n_in * n_taps + tap);
    }
  }
}

// ∂w of a learned scale of each channel: the sum of x·g.
static HWY_NOINLINE void scale_gradient(const PlanOp& op, std::span<const OuterProduct> products,
                                        float* HWY_RESTRICT weight) {
  const std::int64_t channels = op.out_shape.channels;
  for (std::int64_t c = 0; c < channels; ++c) {
    Lanes sum = lanes::all_lanes(0.0f);
    for (const OuterProduct& product : products) {
      for (std::int64_t i = c; i < op.out_shape.size(); i += channels) {
        sum = lanes::mul_add(lanes::load_lanes(product.x + i * kLanes),
                             lanes::load_lanes(product.g + i * kLanes), sum);
      }
    }
    weight[c] = sum_of_lanes(sum);
  }
}

// The same of operands in the precision of the plan; those of a scale are float32.
static HWY_NOINLINE void weights_gradient(const PlanOp& op, const Plan& plan,
                                          std::span<const OuterProduct> products,
                                          ProductOperands& operands, float* HWY_RESTRICT weight) {
  if (op.kind == PlanOpKind::kScaleShift) return scale_gradient(op, products, weight);
  if (plan.precision == Precision::kFloat32) return product_gradient(op, products, weight);
  if (plan.unit != samplers::Bf16Unit::kF32) return bf16_gradient(op, products, operands, weight);
  OuterProduct rounded[kMostProducts];
  for (std::size_t i = 0; i < products.size(); ++i) {
    round_values(products[i].x, op.in_shape.size(), operands.x(i));
    round_values(products[i].g, op.out_shape.size(), operands.g(i));
    rounded[i] = {operands.x(i), operands.g(i)};
  }
  product_gradient(op, {rounded, products.size()}, weight);
}

// ∂b from the gradients of the results.
static HWY_NOINLINE void bias_gradient(const PlanOp& op, const float* HWY_RESTRICT g,
                                       float* HWY_RESTRICT bias) {
  const std::int64_t n_out = op.out_shape.channels;
  for (std::int64_t o = 0; o < n_out; ++o) {
    Lanes sum = lanes::all_lanes(0.0f);
    for (std::int64_t i = o; i < op.out_shape.size(); i += n_out) {
      sum = sum + lanes::load_lanes(g + i * kLanes);
    }
    bias[o] = sum_of_lanes(sum);
  }
}

// ∂W of the tables, one [labels, channels] after the other, from the gradients of the rows.
static HWY_NOINLINE void table_gradient(const PlanOp& op, const float* HWY_RESTRICT labels,
                                        const float* HWY_RESTRICT g, float* HWY_RESTRICT weight) {
  const std::int64_t channels = op.out_shape.channels / op.n_tables;
  std::fill_n(weight, op.in_shape.channels * op.out_shape.channels, 0.0f);
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const auto label = static_cast<std::int64_t>(labels[lane]);
    for (std::int64_t table = 0; table < op.n_tables; ++table) {
      float* HWY_RESTRICT row = weight + (table * op.in_shape.channels + label) * channels;
      const float* HWY_RESTRICT of_table = g + table * channels * kLanes + lane;
      for (std::int64_t c = 0; c < channels; ++c) row[c] += of_table[c * kLanes];
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_PRODUCT_GRADIENT_INL_H_
