// Operations of a plan that move, join or pool values, for one block of 16 chains. Compiled once
// per SIMD target.

#if defined(EBM_NETS_RESIZE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_RESIZE_INL_H_
#undef EBM_NETS_RESIZE_INL_H_
#else
#define EBM_NETS_RESIZE_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nets/compiled/plan.h"
#include "nets/compiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

HWY_INLINE void concat(const PlanOp& op, const float* in, const float* second,
                       float* HWY_RESTRICT out) {
  const std::int64_t n_in = op.in_shape.channels * kLanes;
  const std::int64_t n_second = op.out_shape.channels * kLanes - n_in;
  for (std::int64_t at = 0; at < op.in_shape.height * op.in_shape.width; ++at) {
    out = std::copy_n(in + at * n_in, n_in, out);
    out = std::copy_n(second + at * n_second, n_second, out);
  }
}

HWY_INLINE void concat_backward(const PlanRun& run, const PlanOp& op,
                                const float* HWY_RESTRICT from) {
  const std::int64_t first = op.in_shape.channels, all = op.out_shape.channels;
  const std::int64_t rest = all - first;
  const auto of = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR { return of(i / first * all + i % first); });
  hand(run, op.second,
       [&](std::int64_t i) HWY_ATTR { return of(i / rest * all + first + i % rest); });
}

HWY_INLINE void sum_pool(const PlanOp& op, const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  for (std::int64_t c = 0; c < op.out_shape.channels; ++c) {
    Lanes sum = lanes::all_lanes(0.0f);
    for (std::int64_t i = c; i < op.in_shape.size(); i += op.in_shape.channels) {
      sum = sum + lanes::load_lanes(in + i * kLanes);
    }
    lanes::store_lanes(sum, out + c * kLanes);
  }
}

HWY_INLINE void avg_pool(const PlanOp& op, const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  const Shape &a = op.in_shape, &b = op.out_shape;
  const Lanes part = lanes::all_lanes(1.0f / static_cast<float>(op.pool.kernel * op.pool.kernel));
  for (std::int64_t row = 0; row < b.height; ++row) {
    for (std::int64_t column = 0; column < b.width; ++column) {
      for (std::int64_t c = 0; c < b.channels; ++c) {
        Lanes sum = lanes::all_lanes(0.0f);
        for (std::int64_t i = 0; i < op.pool.kernel; ++i) {
          for (std::int64_t j = 0; j < op.pool.kernel; ++j) {
            const std::int64_t place =
                (row * op.pool.stride + i) * a.width + column * op.pool.stride + j;
            sum = sum + lanes::load_lanes(in + (place * a.channels + c) * kLanes);
          }
        }
        lanes::store_lanes(sum * part, out + ((row * b.width + column) * b.channels + c) * kLanes);
      }
    }
  }
}

// Every input gathers from the windows that it is in; behind the last window there is none.
HWY_INLINE void avg_pool_backward(const PlanRun& run, const PlanOp& op,
                                  const float* HWY_RESTRICT from) {
  const Shape &a = op.in_shape, &b = op.out_shape;
  const std::int64_t kernel = op.pool.kernel, stride = op.pool.stride;
  const Lanes part = lanes::all_lanes(1.0f / static_cast<float>(kernel * kernel));
  const auto first = [&](std::int64_t place) {
    return std::max<std::int64_t>(0, (place - kernel + stride) / stride);
  };
  const TileEnd end = run.end_of(op.in);
  float* HWY_RESTRICT to = run.grad(op.in.value);
  for (std::int64_t row = 0; row < a.height; ++row) {
    const std::int64_t first_row = first(row), end_row = std::min(b.height, row / stride + 1);
    for (std::int64_t column = 0; column < a.width; ++column) {
      const std::int64_t first_column = first(column);
      const std::int64_t end_column = std::min(b.width, column / stride + 1);
      const std::int64_t place = (row * a.width + column) * a.channels;
      for (std::int64_t c = 0; c < a.channels; ++c) {
        Lanes sum = lanes::all_lanes(0.0f);
        for (std::int64_t r = first_row; r < end_row; ++r) {
          for (std::int64_t k = first_column; k < end_column; ++k) {
            sum = sum + lanes::load_lanes(from + ((r * b.width + k) * b.channels + c) * kLanes);
          }
        }
        finish(sum * part, end, place + c, to);
      }
    }
  }
}

HWY_INLINE void upsample(const PlanOp& op, const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  const Shape &a = op.in_shape, &b = op.out_shape;
  for (std::int64_t row = 0; row < b.height; ++row) {
    for (std::int64_t column = 0; column < b.width; ++column) {
      const std::int64_t place = row / op.upsample.factor * a.width + column / op.upsample.factor;
      std::copy_n(in + place * a.channels * kLanes, a.channels * kLanes,
                  out + (row * b.width + column) * b.channels * kLanes);
    }
  }
}

HWY_INLINE void upsample_backward(const PlanRun& run, const PlanOp& op,
                                  const float* HWY_RESTRICT from) {
  const Shape &a = op.in_shape, &b = op.out_shape;
  const std::int64_t factor = op.upsample.factor;
  const TileEnd end = run.end_of(op.in);
  float* HWY_RESTRICT to = run.grad(op.in.value);
  for (std::int64_t row = 0; row < a.height; ++row) {
    for (std::int64_t column = 0; column < a.width; ++column) {
      for (std::int64_t c = 0; c < a.channels; ++c) {
        Lanes sum = lanes::all_lanes(0.0f);
        for (std::int64_t i = 0; i < factor; ++i) {
          for (std::int64_t j = 0; j < factor; ++j) {
            const std::int64_t place = (row * factor + i) * b.width + column * factor + j;
            sum = sum + lanes::load_lanes(from + (place * b.channels + c) * kLanes);
          }
        }
        finish(sum, end, (row * a.width + column) * a.channels + c, to);
      }
    }
  }
}

HWY_INLINE void reorder(const PlanOp& op, const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  for (std::size_t i = 0; i < op.order.size(); ++i) {
    lanes::store_lanes(lanes::load_lanes(in + op.order[i] * kLanes),
                       out + static_cast<std::int64_t>(i) * kLanes);
  }
}

HWY_INLINE void reorder_backward(const PlanRun& run, const PlanOp& op,
                                 const float* HWY_RESTRICT from) {
  const TileEnd end = run.end_of(op.in);
  float* HWY_RESTRICT to = run.grad(op.in.value);
  for (std::size_t i = 0; i < op.order.size(); ++i) {
    finish(lanes::load_lanes(from + static_cast<std::int64_t>(i) * kLanes), end, op.order[i], to);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_RESIZE_INL_H_
