#include "nets/compiled/weight_gradient.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/interruption.h"
#include "base/parallel.h"
#include "nets/compiled/avx512_bf16.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/tree_sum.h"
#include "nets/compiled/workspace_pool.h"
#include "samplers/chain_block.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nets/compiled/weight_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "nets/compiled/bf16-inl.h"
#include "nets/compiled/plan_ops-inl.h"

#ifndef EBM_NETS_WEIGHT_GRADIENT_CC_ONCE_
#define EBM_NETS_WEIGHT_GRADIENT_CC_ONCE_
namespace ebm::nets {

/// Memory of one thread: the rows of a block, values, their gradients, and the gradient of the
/// rows, which is not used.
struct GradientScratch {
  explicit GradientScratch(const CompiledNet& net)
      : GradientScratch(net.workspaces(),
                        static_cast<std::size_t>(net.plan().workspace * samplers::kLanes),
                        static_cast<std::size_t>(net.dim() * samplers::kLanes)) {
    take_operands(net.plan(), net.workspaces());
  }
  GradientScratch(WorkspacePool& pool, std::size_t workspace, std::size_t input)
      : x(pool.take(input)),
        x_grad(pool.take(input)),
        work(pool.take(workspace)),
        grads(pool.take(workspace)) {}
  base::FlushDenormals flush;
  WorkspacePool::Lease x, x_grad, work, grads;
  /// In bfloat16: what a product multiplied, and the gradient of its result, rounded.
  WorkspacePool::Lease in_operands, out_operands;

 private:
  void take_operands(const Plan& plan, WorkspacePool& pool) {
    if (plan.precision == Precision::kFloat32) return;
    std::int64_t in_size = 0, out_size = 0;
    for (const PlanOp& op : plan.ops) {
      if (op.kind != PlanOpKind::kProduct) continue;
      in_size = std::max(in_size, op.in_shape.size());
      out_size = std::max(out_size, op.out_shape.size());
    }
    in_operands = pool.take(static_cast<std::size_t>(in_size * samplers::kLanes));
    out_operands = pool.take(static_cast<std::size_t>(out_size * samplers::kLanes));
  }
};

/// Sizes of what a product has, in the order of LayerWeights.
inline std::int64_t n_weights(const PlanOp& op) {
  return op.in_shape.channels * op.out_shape.channels * op.conv.kernel_height *
         op.conv.kernel_width;
}
inline std::int64_t n_biases(const PlanOp& op) { return op.conv.bias ? op.out_shape.channels : 0; }

/// For each value whether weights come before it, so that its gradient is needed.
using NeededGradients = std::vector<bool>;

/// The gradient of a product's weights by a unit of bfloat16.
inline void bf16_gradient(const PlanOp& op, const float* x, const float* g,
                          GradientScratch& scratch, float* weight) {
  auto* x_halves = reinterpret_cast<std::uint16_t*>(scratch.in_operands.data());
  auto* g_halves = reinterpret_cast<std::uint16_t*>(scratch.out_operands.data());
  make_halves_avx512(x, op.in_shape.size(), x_halves);
  make_halves_avx512(g, op.out_shape.size(), g_halves);
  if (op.transposed) std::swap(x_halves, g_halves);
  const std::int64_t n_out = op.conv.out_channels;
  const std::int64_t n_in = (op.transposed ? op.out_shape : op.in_shape).channels;
  const auto n_taps = static_cast<std::int64_t>(op.taps.size());
  for (std::int64_t tap = 0; tap < n_taps; ++tap) {
    base::throw_if_interrupted();
    tap_gradient_avx512(op.taps[static_cast<std::size_t>(tap)], x_halves, g_halves, n_out, n_in,
                        n_in * n_taps, n_taps, weight + tap);
  }
}

}  // namespace ebm::nets
#endif

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

// Products of kOut channels of the gradient and kIn of the input, summed over all places at which a
// tap is used, and over chains.
template <int kOut, int kIn>
HWY_INLINE void tap_sums(const TapPlaces& places, const float* HWY_RESTRICT x,
                         const float* HWY_RESTRICT g, std::int64_t out_stride,
                         std::int64_t in_stride, float* HWY_RESTRICT weight) {
  Lanes sum[kOut][kIn];
#pragma GCC unroll 8
  for (int o = 0; o < kOut; ++o) {
#pragma GCC unroll 8
    for (int i = 0; i < kIn; ++i) sum[o][i] = lanes::all_lanes(0.0f);
  }
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
HWY_INLINE void all_inputs(const TapPlaces& places, const float* HWY_RESTRICT x,
                           const float* HWY_RESTRICT g, std::int64_t n_in, std::int64_t out_stride,
                           std::int64_t in_stride, float* HWY_RESTRICT weight) {
  constexpr int kIn = lanes::kRegisters == 1 ? 4 : 2;
  std::int64_t i = 0;
  for (; i + kIn <= n_in; i += kIn) {
    tap_sums<kOut, kIn>(places, x + i * kLanes, g, out_stride, in_stride, weight + i * in_stride);
  }
  for (; i < n_in; ++i) {
    tap_sums<kOut, 1>(places, x + i * kLanes, g, out_stride, in_stride, weight + i * in_stride);
  }
}

// ∂W [out, in, kh, kw] of one product, from its input and the gradient of its result; of a
// transposed one [in, out, kh, kw], from the two in exchanged roles.
void product_gradient(const PlanOp& op, const float* x, const float* g, float* weight) {
  const std::int64_t n_out = op.conv.out_channels;
  const std::int64_t n_in = (op.transposed ? op.out_shape : op.in_shape).channels;
  if (op.transposed) std::swap(x, g);
  const auto n_taps = static_cast<std::int64_t>(op.taps.size());
  constexpr int kOut = lanes::kRegisters == 4 ? 2 : 4;
  for (std::int64_t tap = 0; tap < n_taps; ++tap) {
    base::throw_if_interrupted();
    const TapPlaces& places = op.taps[static_cast<std::size_t>(tap)];
    std::int64_t o = 0;
    for (; o + kOut <= n_out; o += kOut) {
      all_inputs<kOut>(places, x, g + o * kLanes, n_in, n_in * n_taps, n_taps,
                       weight + o * n_in * n_taps + tap);
    }
    for (; o < n_out; ++o) {
      all_inputs<1>(places, x, g + o * kLanes, n_in, n_in * n_taps, n_taps,
                    weight + o * n_in * n_taps + tap);
    }
  }
}

// The same of operands in the precision of the plan.
void weights_gradient(const PlanOp& op, const Plan& plan, const float* x, const float* g,
                      GradientScratch& scratch, float* weight) {
  if (plan.unit != samplers::Bf16Unit::kF32) return bf16_gradient(op, x, g, scratch, weight);
  if (plan.precision == Precision::kBfloat16) {
    round_values(x, op.in_shape.size(), scratch.in_operands.data());
    round_values(g, op.out_shape.size(), scratch.out_operands.data());
    x = scratch.in_operands.data();
    g = scratch.out_operands.data();
  }
  product_gradient(op, x, g, weight);
}

void bias_gradient(const PlanOp& op, const float* g, float* bias) {
  const std::int64_t n_out = op.out_shape.channels;
  for (std::int64_t o = 0; o < n_out; ++o) {
    Lanes sum = lanes::all_lanes(0.0f);
    for (std::int64_t i = o; i < op.out_shape.size(); i += n_out) {
      sum = sum + lanes::load_lanes(g + i * kLanes);
    }
    bias[o] = sum_of_lanes(sum);
  }
}

PlanRun run_of(const CompiledNet& net, GradientScratch& scratch) {
  return {net.plan(),          net.products(),      scratch.x.data(), scratch.x_grad.data(),
          scratch.work.data(), scratch.grads.data()};
}

void block_forward(const CompiledNet& net, GradientScratch& scratch, float* energy) {
  const PlanRun run = run_of(net, scratch);
  for (std::size_t i = 0; i < net.plan().ops.size(); ++i) {
    base::throw_if_interrupted();
    run.forward(i);
  }
  lanes::store_lanes(lanes::load_lanes(run.value(net.plan().ops.back().out)), energy);
}

// The gradient of Σ c·E over the chains of the block that block_forward went through.
// @param gradient  [all weights], in their order
void block_backward(const CompiledNet& net, const float* coefficient, const NeededGradients& needed,
                    GradientScratch& scratch, WorkspacePool::Lease& gradient) {
  const Plan& plan = net.plan();
  const PlanRun run = run_of(net, scratch);
  run.start_backward(lanes::load_lanes(coefficient));
  float* next = gradient.data() + gradient.size();
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    const PlanOp& op = plan.ops[i];
    if (op.kind == PlanOpKind::kProduct) {
      const float* g = run.grad(op.out);
      next -= n_biases(op);
      if (op.conv.bias) bias_gradient(op, g, next);
      next -= n_weights(op);
      weights_gradient(op, plan, run.value(op.in.value), g, scratch, next);
    }
    const auto is_needed = [&](const PlanInput& input) {
      return input.value >= 0 && needed[static_cast<std::size_t>(input.value)];
    };
    if (is_needed(op.in) || is_needed(op.second) || is_needed(op.third)) run.backward(i);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::nets {
HWY_EXPORT(block_forward);
HWY_EXPORT(block_backward);
namespace {
using samplers::kLanes;

/// Sizes of the layer weights.
std::vector<std::int64_t> weight_sizes(const Plan& plan) {
  std::vector<std::int64_t> sizes;
  for (const PlanOp& op : plan.ops) {
    if (op.kind != PlanOpKind::kProduct) continue;
    sizes.push_back(n_weights(op));
    if (op.conv.bias) sizes.push_back(n_biases(op));
  }
  return sizes;
}

NeededGradients needed_gradients(const Plan& plan) {
  NeededGradients needed(plan.values.size(), false);
  for (const PlanOp& op : plan.ops) {
    bool is_needed = op.kind == PlanOpKind::kProduct;
    for (const PlanInput* input : {&op.in, &op.second, &op.third}) {
      is_needed |= input->value >= 0 && needed[static_cast<std::size_t>(input->value)];
    }
    needed[static_cast<std::size_t>(op.out)] = is_needed;
  }
  return needed;
}

/// Rows of a block side by side: [dim, kLanes]. The last one fills a ragged block.
void load_block(std::span<const float> rows, std::int64_t dim, std::int64_t block, float* x) {
  const std::int64_t last = static_cast<std::int64_t>(rows.size()) / dim - 1;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const float* row = rows.data() + std::min(block * kLanes + lane, last) * dim;
    for (std::int64_t d = 0; d < dim; ++d) x[d * kLanes + lane] = row[d];
  }
}

}  // namespace

void require_weight_gradient(const Plan& plan, const std::string& what) {
  for (const PlanOp& op : plan.ops) {
    if (op.norm_epsilon == 0.0) continue;
    throw Error(ErrorCode::kUsage,
                what + ": has batch norms, of which the compiled backend has no weight gradient");
  }
}

WeightGradient weight_gradient(
    const CompiledNet& net, std::span<const float> rows,
    const std::function<float(std::int64_t row, float energy)>& coefficient, int n_threads) {
  require_weight_gradient(net.plan(), "the network");
  const std::int64_t dim = net.dim(), n = static_cast<std::int64_t>(rows.size()) / dim;
  samplers::require_size(rows.size(), std::max<std::int64_t>(n, 1) * dim, "the rows");
  const std::int64_t n_blocks = (n + kLanes - 1) / kLanes;
  const std::vector<std::int64_t> sizes = weight_sizes(net.plan());
  const std::int64_t n_all = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  const NeededGradients needed = needed_gradients(net.plan());
  WeightGradient result{std::vector<float>(static_cast<std::size_t>(n)), {}};
  TreeSum sum(n_blocks);
  const auto gradient_of_block = [&](std::int64_t block, GradientScratch& scratch) {
    alignas(64) float energy[kLanes], factors[kLanes] = {};
    load_block(rows, dim, block, scratch.x.data());
    HWY_DYNAMIC_DISPATCH(block_forward)(net, scratch, energy);
    // The copies that fill a ragged last block do not count.
    for (std::int64_t lane = 0; lane < std::min(kLanes, n - block * kLanes); ++lane) {
      const std::int64_t row = block * kLanes + lane;
      result.energies[static_cast<std::size_t>(row)] = energy[lane];
      factors[lane] = coefficient(row, energy[lane]);
    }
    WorkspacePool::Lease gradient = net.workspaces().take(static_cast<std::size_t>(n_all));
    HWY_DYNAMIC_DISPATCH(block_backward)(net, factors, needed, scratch, gradient);
    sum.add(block, std::move(gradient));
  };
  base::parallel_for(
      n_blocks, n_threads, [&] { return std::make_unique<GradientScratch>(net); },
      gradient_of_block);
  const float* next = sum.sum().data();
  for (const std::int64_t size : sizes) {
    result.gradient.emplace_back(next, next + size);
    next += size;
  }
  return result;
}

}  // namespace ebm::nets
#endif
