// Operations of a plan that scale and shift channels, or read what chains are conditioned on, for
// one block of 16 chains. Compiled once per SIMD target.

#if defined(EBM_NETS_MODULATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_MODULATION_INL_H_
#undef EBM_NETS_MODULATION_INL_H_
#else
#define EBM_NETS_MODULATION_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "nets/architecture/condition.h"
#include "nets/compiled/activation-inl.h"
#include "nets/compiled/packed_product.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// out = scale·in + shift of each channel, or of tangents scale·in.
HWY_INLINE void scale_shift(const PlanOp& op, const PackedProduct& norm, bool is_tangent,
                            const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  const std::int64_t channels = op.out_shape.channels;
  for (std::int64_t first = 0; first < op.out_shape.size(); first += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t at = (first + c) * kLanes;
      const Lanes scale = lanes::all_lanes(norm.forward[static_cast<std::size_t>(c)]);
      const Lanes shift =
          lanes::all_lanes(is_tangent ? 0.0f : norm.bias[static_cast<std::size_t>(c)]);
      lanes::store_lanes(lanes::mul_add(scale, lanes::load_lanes(in + at), shift), out + at);
    }
  }
}

HWY_INLINE void modulate(const PlanRun& run, const PlanOp& op, const PackedProduct& norm,
                         const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  float* HWY_RESTRICT saved = run.at(op.saved);
  scale_shift(op, norm, /*is_tangent=*/false, in, saved);
  const float* HWY_RESTRICT gain = run.value(op.second.value);
  const float* HWY_RESTRICT shift = run.value(op.third.value);
  const std::int64_t channels = op.out_shape.channels;
  for (std::int64_t first = 0; first < op.out_shape.size(); first += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t place = (first + c) * kLanes;
      lanes::store_lanes(
          lanes::mul_add(lanes::load_lanes(gain + c * kLanes), lanes::load_lanes(saved + place),
                         lanes::load_lanes(shift + c * kLanes)),
          out + place);
    }
  }
}

// The input comes first: its gradient needs the gain, whose own may take its place.
HWY_INLINE void modulate_backward(const PlanRun& run, const PlanOp& op, const PackedProduct& norm,
                                  const float* HWY_RESTRICT from) {
  const std::int64_t channels = op.out_shape.channels, size = op.out_shape.size();
  const float* HWY_RESTRICT saved = run.at(op.saved);
  const float* gain = run.value(op.second.value);
  const auto of = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR {
    const std::int64_t c = i % channels;
    return of(i) * lanes::load_lanes(gain + c * kLanes) *
           lanes::all_lanes(norm.forward[static_cast<std::size_t>(c)]);
  });
  hand(run, op.second, [&](std::int64_t c) HWY_ATTR {
    Lanes sum = lanes::all_lanes(0.0f);
    for (std::int64_t i = c; i < size; i += channels) {
      sum = lanes::mul_add(of(i), lanes::load_lanes(saved + i * kLanes), sum);
    }
    return sum;
  });
  hand(run, op.third, [&](std::int64_t c) HWY_ATTR {
    Lanes sum = lanes::all_lanes(0.0f);
    for (std::int64_t i = c; i < size; i += channels) sum = sum + of(i);
    return sum;
  });
}

// The rows of all tables, side by side, that belong to the labels [kLanes].
// @param tables  [labels][tables][channels of one]
[[maybe_unused]] static HWY_NOINLINE void look_up(const PlanOp& op,
                                                  const float* HWY_RESTRICT tables,
                                                  const float* HWY_RESTRICT labels,
                                                  float* HWY_RESTRICT out) {
  const std::int64_t width = op.out_shape.channels;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const float* HWY_RESTRICT row = tables + static_cast<std::int64_t>(labels[lane]) * width;
    for (std::int64_t c = 0; c < width; ++c) out[c * kLanes + lane] = row[c];
  }
}

// level_features() of the noise levels [kLanes].
[[maybe_unused]] static HWY_NOINLINE void features_of_levels(const float* HWY_RESTRICT levels,
                                                             float* HWY_RESTRICT out) {
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const auto features = level_features(levels[lane]);
    for (std::size_t i = 0; i < features.size(); ++i) {
      out[static_cast<std::int64_t>(i) * kLanes + lane] = features[i];
    }
  }
}

// The derivatives of those features by ln σ, times factors [kLanes].
HWY_MAYBE_UNUSED static HWY_NOINLINE void slopes_of_features(const float* HWY_RESTRICT levels,
                                                             const float* HWY_RESTRICT factors,
                                                             float* HWY_RESTRICT out) {
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const auto slopes = level_feature_slopes(levels[lane]);
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      out[static_cast<std::int64_t>(i) * kLanes + lane] = factors[lane] * slopes[i];
    }
  }
}

// out = (1 + γ)·in + β of each channel, or of tangents (1 + γ)·in.
// @param modulation  γ, then β, [2·channels]
[[maybe_unused]] static HWY_NOINLINE void scale_by_film(const PlanOp& op, bool is_tangent,
                                                        const float* HWY_RESTRICT modulation,
                                                        const float* HWY_RESTRICT in,
                                                        float* HWY_RESTRICT out) {
  const std::int64_t row = op.out_shape.channels * kLanes;
  const float* HWY_RESTRICT shift = modulation + row;
  for (std::int64_t first = 0; first < op.out_shape.size() * kLanes; first += row) {
    for (std::int64_t c = 0; c < row; c += kLanes) {
      const Lanes x = lanes::load_lanes(in + first + c);
      const Lanes start = is_tangent ? x : x + lanes::load_lanes(shift + c);
      lanes::store_lanes(lanes::mul_add(lanes::load_lanes(modulation + c), x, start),
                         out + first + c);
    }
  }
}

// out += γ̇·x + β̇, the part of a film's tangent in which γ and β move.
// @param modulation  γ̇, then β̇, [2·channels]
HWY_MAYBE_UNUSED static HWY_NOINLINE void add_film_tangent(const PlanOp& op,
                                                           const float* HWY_RESTRICT modulation,
                                                           const float* HWY_RESTRICT x,
                                                           float* HWY_RESTRICT out) {
  const std::int64_t row = op.out_shape.channels * kLanes;
  const float* HWY_RESTRICT shift = modulation + row;
  for (std::int64_t first = 0; first < op.out_shape.size() * kLanes; first += row) {
    for (std::int64_t c = 0; c < row; c += kLanes) {
      const Lanes moved =
          lanes::mul_add(lanes::load_lanes(modulation + c), lanes::load_lanes(x + first + c),
                         lanes::load_lanes(shift + c));
      lanes::store_lanes(lanes::load_lanes(out + first + c) + moved, out + first + c);
    }
  }
}

// The same of y in place, then its activation f; derivative <- that of y by the film's input.
[[maybe_unused]] static HWY_NOINLINE void activate_film(const PlanOp& op,
                                                        const float* HWY_RESTRICT modulation,
                                                        float* HWY_RESTRICT y,
                                                        float* HWY_RESTRICT derivative) {
  const std::int64_t row = op.out_shape.channels * kLanes, size = op.out_shape.size() * kLanes;
  const float* HWY_RESTRICT shift = modulation + row;
  with_function(*op.activation, [&](const auto& f) HWY_ATTR {
    for (std::int64_t first = 0; first < size; first += row) {
      for (std::int64_t c = 0; c < row; c += kLanes) {
        const Lanes x = lanes::load_lanes(y + first + c);
        const Lanes gain = lanes::load_lanes(modulation + c);
        Lanes value, slope;
        f(lanes::mul_add(gain, x, x + lanes::load_lanes(shift + c)), value, slope);
        lanes::store_lanes(value, y + first + c);
        lanes::store_lanes(lanes::mul_add(gain, slope, slope), derivative + first + c);
      }
    }
  });
}

// Hands γ and β their gradients.
// @param from  the gradient of the result
HWY_INLINE void film_values_backward(const PlanRun& run, const PlanOp& op,
                                     const float* HWY_RESTRICT from) {
  const std::int64_t channels = op.out_shape.channels, size = op.out_shape.size();
  const auto of = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
  const float* HWY_RESTRICT x = run.value(op.in.value);
  hand(run, op.second, [&](std::int64_t place) HWY_ATTR {
    Lanes sum = lanes::all_lanes(0.0f);
    for (std::int64_t i = place % channels; i < size; i += channels) {
      sum = place < channels ? lanes::mul_add(of(i), lanes::load_lanes(x + i * kLanes), sum)
                             : sum + of(i);
    }
    return sum;
  });
}

HWY_INLINE void film_backward(const PlanRun& run, const PlanOp& op,
                              const float* HWY_RESTRICT from) {
  const std::int64_t channels = op.out_shape.channels;
  const float* gain = run.value(op.second.value);
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR {
    const Lanes g = lanes::load_lanes(from + i * kLanes);
    return lanes::mul_add(lanes::load_lanes(gain + i % channels * kLanes), g, g);
  });
  if (!run.only_x) film_values_backward(run, op, from);
}

// The same in the pass p of a mixed gradient (mixed_gradient.h) where γ and β move: p·(1 + γ) + q·γ̇
// goes to the input.
// @param q        at the result of the operation
// @param tangent  γ̇, then β̇
HWY_INLINE void moving_film_backward(const PlanRun& run, const PlanOp& op,
                                     const float* HWY_RESTRICT from, const float* HWY_RESTRICT q,
                                     const float* HWY_RESTRICT tangent) {
  const std::int64_t channels = op.out_shape.channels;
  const float* gain = run.value(op.second.value);
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR {
    const std::int64_t c = i % channels * kLanes;
    const Lanes p = lanes::load_lanes(from + i * kLanes);
    return lanes::mul_add(lanes::load_lanes(tangent + c), lanes::load_lanes(q + i * kLanes),
                          lanes::mul_add(lanes::load_lanes(gain + c), p, p));
  });
  film_values_backward(run, op, from);
}

// Σ a_i·b_i of n values.
HWY_INLINE Lanes dot(std::int64_t n, const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                     Lanes sum) {
  for (std::int64_t i = 0; i < n * kLanes; i += kLanes) {
    sum = lanes::mul_add(lanes::load_lanes(a + i), lanes::load_lanes(b + i), sum);
  }
  return sum;
}

HWY_INLINE void projection_backward(const PlanRun& run, const PlanOp& op, const float* from) {
  const Lanes g = lanes::load_lanes(from);
  const float* row = run.value(op.second.value);
  hand(run, op.in,
       [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(row + i * kLanes) * g; });
  hand(run, op.third, [&](std::int64_t) HWY_ATTR { return g; });
  if (run.only_x) return;
  const float* x = run.value(op.in.value);
  hand(run, op.second,
       [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(x + i * kLanes) * g; });
}

// out = −in[label], or −ln Σ exp(in) where the label is "none"; shares <- −∂out/∂in.
[[maybe_unused]] static HWY_NOINLINE void energy_of_logits(const PlanOp& op,
                                                           const float* HWY_RESTRICT labels,
                                                           const float* HWY_RESTRICT in,
                                                           float* HWY_RESTRICT shares,
                                                           float* HWY_RESTRICT out) {
  const std::int64_t n = op.in_shape.channels;
  const Lanes label = lanes::load_lanes(labels), last = lanes::all_lanes(static_cast<float>(n - 1));
  const Lanes zero = lanes::all_lanes(0.0f), one = lanes::all_lanes(1.0f);
  const Lanes half = lanes::all_lanes(0.5f);
  Lanes own = zero;
  for (std::int64_t i = 0; i < n; ++i) {
    const Lanes distance = lanes::abs_lanes(label - lanes::all_lanes(static_cast<float>(i)));
    const Lanes logit = lanes::load_lanes(in + i * kLanes);
    own = lanes::select_greater(half, distance, logit, own);
    lanes::store_lanes(lanes::select_greater(half, distance, one, zero), shares + i * kLanes);
  }
  if (lanes::any_greater(label, last)) {
    Lanes largest = lanes::load_lanes(in);
    for (std::int64_t i = 1; i < n; ++i) {
      largest = lanes::max_lanes(largest, lanes::load_lanes(in + i * kLanes));
    }
    Lanes sum = zero;
    for (std::int64_t i = 0; i < n; ++i) {
      sum = sum + lanes::exp_of_nonpositive(lanes::load_lanes(in + i * kLanes) - largest);
    }
    own = lanes::select_greater(label, last, largest + lanes::log_lanes(sum), own);
    const Lanes scale = one / sum;
    for (std::int64_t i = 0; i < n; ++i) {
      const Lanes share =
          lanes::exp_of_nonpositive(lanes::load_lanes(in + i * kLanes) - largest) * scale;
      lanes::store_lanes(
          lanes::select_greater(label, last, share, lanes::load_lanes(shares + i * kLanes)),
          shares + i * kLanes);
    }
  }
  lanes::store_lanes(-own, out);
}

// What the pass p of a mixed gradient (mixed_gradient.h) has beyond the products of the plan: a
// product with a value of the context hands q·ẋ to that, and a sum of exponentials is curved.
// @param q        at the result of the operation
// @param tangent  ẋ of its input
// @param reverse  the run of p, where the plan has handed on what it does
HWY_INLINE void add_condition_terms(const PlanOp& op, const float* HWY_RESTRICT q,
                                    const float* HWY_RESTRICT tangent, const PlanRun& reverse) {
  const auto add = [](const Lanes& term, float* to)
                       HWY_ATTR { lanes::store_lanes(lanes::load_lanes(to) + term, to); };
  const std::int64_t channels = op.in_shape.channels;
  if (op.kind == PlanOpKind::kFilm) {
    for (std::int64_t c = 0; c < channels; ++c) {
      Lanes sum = lanes::all_lanes(0.0f);
      for (std::int64_t i = c; i < op.in_shape.size(); i += channels) {
        sum = lanes::mul_add(lanes::load_lanes(q + i * kLanes),
                             lanes::load_lanes(tangent + i * kLanes), sum);
      }
      add(sum, reverse.grad(op.second.value) + c * kLanes);
    }
  } else if (op.kind == PlanOpKind::kProjection) {
    for (std::int64_t i = 0; i < channels; ++i) {
      add(lanes::load_lanes(q) * lanes::load_lanes(tangent + i * kLanes),
          reverse.grad(op.second.value) + i * kLanes);
    }
  } else if (op.kind == PlanOpKind::kClassLogits) {
    const float* HWY_RESTRICT shares = reverse.at(op.saved);
    const Lanes mean = dot(channels, shares, tangent, lanes::all_lanes(0.0f));
    for (std::int64_t i = 0; i < channels; ++i) {
      const Lanes off = mean - lanes::load_lanes(tangent + i * kLanes);
      add(lanes::load_lanes(q) * lanes::load_lanes(shares + i * kLanes) * off,
          reverse.grad(op.in.value) + i * kLanes);
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_MODULATION_INL_H_
