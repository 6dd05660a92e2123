// Softmax attention between the 1x1 convolutions of the layer (Attention of layer.h), for one block
// of 16 chains: each chain has a softmax of its own. Compiled once per SIMD target.
//
// Of one head, with rows for places, Q, K, V [places, width] and s = 1/√width:
//
//     L = s·QKᵀ,  A = softmax of the rows of L,  O = AV.
//
// Backwards, with B = ∂/∂A and κ the mean of a row of B under the row of A (κ_i = Σ_j A_ij B_ij):
//
//     B = ∂O·Vᵀ,  ∂L = A∘(B − κ),  ∂Q = s·∂L·K,  ∂K = s·∂Lᵀ·Q,  ∂V = Aᵀ·∂O.
//
// Tangents, with ρ the mean of a row of L̇ under the row of A:
//
//     L̇ = s·(Q̇Kᵀ + QK̇ᵀ),  Ȧ = A∘(L̇ − ρ),  Ȯ = ȦV + AV̇.
//
// In the pass p of a mixed gradient (mixed_gradient.h), q at Ȯ and p at O are handed on as follows.
// At Ȧ and L̇ are B = qVᵀ and M = A∘(B − κ), as in the pass q. A has a part in O, in AV̇ and, twice,
// in A∘(L̇ − ρ): up to what is the same for a whole row, which a softmax drops, p at A is
//
//     W + (B − κ)∘(L̇ − ρ),  W = pVᵀ + qV̇ᵀ,
//
// and behind the softmax, as A∘(L̇ − ρ) = Ȧ,
//
//     N = A∘(W − μ) + (B − κ)∘Ȧ,  μ the sum of a row of A∘W + (B − κ)∘Ȧ;
//     p at Q, K, V:  s·(N·K + M·K̇),  s·(Nᵀ·Q + Mᵀ·Q̇),  Aᵀp + Ȧᵀq.

#if defined(EBM_NETS_ATTENTION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_ATTENTION_INL_H_
#undef EBM_NETS_ATTENTION_INL_H_
#else
#define EBM_NETS_ATTENTION_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstdint>

#include "nets/compiled/plan.h"
#include "nets/compiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// Places of one head, in floats.
struct AttentionHead {
  AttentionHead(const PlanOp& op, std::int64_t head)
      : places(op.out_shape.height * op.out_shape.width),
        width(op.attention.width),
        row(op.out_shape.channels * kLanes),
        qkv_row(op.in_shape.channels * kLanes),
        q(head * width * kLanes),
        k(q + row),
        v(k + row),
        shares(head * places * places * kLanes),
        scale(1.0f / std::sqrt(static_cast<float>(width))) {}

  std::int64_t places, width;
  std::int64_t row, qkv_row;  // from one place to the next, in the result and in Q, K, V
  std::int64_t q, k, v;       // in the input; q also of the result
  std::int64_t shares;        // of A
  float scale;
};

// out[b] (+)= Σ_j x[j]·y_b[j], the rows y_b being `stride` floats apart.
template <bool kAdds>
HWY_INLINE void products_with_rows(const AttentionHead& head, const float* HWY_RESTRICT x,
                                   const float* HWY_RESTRICT y, std::int64_t stride,
                                   float* HWY_RESTRICT out) {
  const std::int64_t width = head.width * kLanes;
  for (std::int64_t b = 0; b < head.places; ++b) {
    Lanes sum = kAdds ? lanes::load_lanes(out + b * kLanes) : lanes::all_lanes(0.0f);
    for (std::int64_t j = 0; j < width; j += kLanes) {
      sum = lanes::mul_add(lanes::load_lanes(x + j), lanes::load_lanes(y + b * stride + j), sum);
    }
    lanes::store_lanes(sum, out + b * kLanes);
  }
}

// out[j] (+)= Σ_b factor_b·y_b[j], the factors and rows being `factor_stride` and `stride` apart.
template <bool kAdds>
HWY_INLINE void sum_of_rows(const AttentionHead& head, const float* HWY_RESTRICT factor,
                            std::int64_t factor_stride, const float* HWY_RESTRICT y,
                            std::int64_t stride, float* HWY_RESTRICT out) {
  const std::int64_t width = head.width * kLanes;
  for (std::int64_t j = 0; j < width; j += kLanes) {
    Lanes sum = kAdds ? lanes::load_lanes(out + j) : lanes::all_lanes(0.0f);
    for (std::int64_t b = 0; b < head.places; ++b) {
      sum = lanes::mul_add(lanes::load_lanes(factor + b * factor_stride),
                           lanes::load_lanes(y + b * stride + j), sum);
    }
    lanes::store_lanes(sum, out + j);
  }
}

// Σ_b a[b]·x[b]
HWY_INLINE Lanes mean_under(const AttentionHead& head, const float* HWY_RESTRICT a,
                            const float* HWY_RESTRICT x) {
  Lanes sum = lanes::all_lanes(0.0f);
  for (std::int64_t b = 0; b < head.places * kLanes; b += kLanes) {
    sum = lanes::mul_add(lanes::load_lanes(a + b), lanes::load_lanes(x + b), sum);
  }
  return sum;
}

// A row of logits, not yet times `scale`, becomes their softmax. A chain with a NaN has it in all.
HWY_INLINE void softmax(const AttentionHead& head, float* HWY_RESTRICT row) {
  const std::int64_t n = head.places * kLanes;
  const Lanes scale = lanes::all_lanes(head.scale);
  Lanes largest = lanes::load_lanes(row);
  for (std::int64_t b = kLanes; b < n; b += kLanes) {
    largest = lanes::max_lanes(largest, lanes::load_lanes(row + b));
  }
  Lanes sum = lanes::all_lanes(0.0f);
  for (std::int64_t b = 0; b < n; b += kLanes) {
    const Lanes power = lanes::exp_of_nonpositive((lanes::load_lanes(row + b) - largest) * scale);
    lanes::store_lanes(power, row + b);
    sum = sum + power;
  }
  const Lanes part = lanes::all_lanes(1.0f) / sum;
  for (std::int64_t b = 0; b < n; b += kLanes) {
    lanes::store_lanes(lanes::load_lanes(row + b) * part, row + b);
  }
}

// @param in      Q, K, V of all heads at each place
// @param shares  A of each head, written
[[maybe_unused]] static HWY_NOINLINE void attend(const PlanOp& op, const float* HWY_RESTRICT in,
                                                 float* HWY_RESTRICT shares,
                                                 float* HWY_RESTRICT out) {
  for (std::int64_t h = 0; h < op.attention.heads; ++h) {
    const AttentionHead head(op, h);
    for (std::int64_t a = 0; a < head.places; ++a) {
      float* HWY_RESTRICT row = shares + head.shares + a * head.places * kLanes;
      products_with_rows<false>(head, in + a * head.qkv_row + head.q, in + head.k, head.qkv_row,
                                row);
      softmax(head, row);
      sum_of_rows<false>(head, row, kLanes, in + head.v, head.qkv_row, out + a * head.row + head.q);
    }
  }
}

// @param in      Q̇, K̇, V̇
// @param values  Q, K, V
// @param moved   Ȧ of each head, written
[[maybe_unused]] static HWY_NOINLINE void attend_tangent(
    const PlanOp& op, const float* HWY_RESTRICT in, const float* HWY_RESTRICT values,
    const float* HWY_RESTRICT shares, float* HWY_RESTRICT moved, float* HWY_RESTRICT out) {
  for (std::int64_t h = 0; h < op.attention.heads; ++h) {
    const AttentionHead head(op, h);
    const Lanes scale = lanes::all_lanes(head.scale);
    for (std::int64_t a = 0; a < head.places; ++a) {
      const std::int64_t at = a * head.qkv_row, place = head.shares + a * head.places * kLanes;
      const float* HWY_RESTRICT share = shares + place;
      float* HWY_RESTRICT row = moved + place;
      products_with_rows<false>(head, in + at + head.q, values + head.k, head.qkv_row, row);
      products_with_rows<true>(head, values + at + head.q, in + head.k, head.qkv_row, row);
      const Lanes mean = mean_under(head, share, row);
      for (std::int64_t b = 0; b < head.places * kLanes; b += kLanes) {
        const Lanes off = (lanes::load_lanes(row + b) - mean) * scale;
        lanes::store_lanes(lanes::load_lanes(share + b) * off, row + b);
      }
      float* HWY_RESTRICT to = out + a * head.row + head.q;
      sum_of_rows<false>(head, row, kLanes, values + head.v, head.qkv_row, to);
      sum_of_rows<true>(head, share, kLanes, in + head.v, head.qkv_row, to);
    }
  }
}

// s·∂L of all heads is left in the gradients' place of `saved`, where that of A may be.
HWY_INLINE void attend_backward(const PlanRun& run, const PlanOp& op,
                                const float* HWY_RESTRICT from) {
  const float* in = run.value(op.in.value);  // where the gradient may go
  const float* shares = run.at(op.saved);
  float* slopes = run.grads + op.saved * kLanes;
  float* HWY_RESTRICT row = run.at(run.plan.scratch);
  float* HWY_RESTRICT to = row + 2 * op.out_shape.height * op.out_shape.width * kLanes;
  for (std::int64_t h = 0; h < op.attention.heads; ++h) {
    const AttentionHead head(op, h);
    const std::int64_t column = head.places * kLanes;
    const Lanes scale = lanes::all_lanes(head.scale);
    for (std::int64_t b = 0; b < head.places; ++b) {
      sum_of_rows<false>(head, shares + head.shares + b * kLanes, column, from + head.q, head.row,
                         to + b * head.qkv_row + head.v);
    }
    for (std::int64_t a = 0; a < head.places; ++a) {
      const float* share = shares + head.shares + a * column;
      float* slope = slopes + head.shares + a * column;
      products_with_rows<false>(head, from + a * head.row + head.q, in + head.v, head.qkv_row, row);
      const Lanes mean = mean_under(head, share, row);
      for (std::int64_t b = 0; b < column; b += kLanes) {
        const Lanes off = (lanes::load_lanes(row + b) - mean) * scale;
        lanes::store_lanes(lanes::load_lanes(share + b) * off, slope + b);
      }
      sum_of_rows<false>(head, slope, kLanes, in + head.k, head.qkv_row,
                         to + a * head.qkv_row + head.q);
    }
    for (std::int64_t b = 0; b < head.places; ++b) {
      sum_of_rows<false>(head, slopes + head.shares + b * kLanes, column, in + head.q, head.qkv_row,
                         to + b * head.qkv_row + head.k);
    }
  }
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(to + i * kLanes); });
}

// The same in the pass p of a mixed gradient.
// @param q        at the result of the operation
// @param slopes   s·M, what attend_backward() has left of the pass q
// @param tangent  Q̇, K̇, V̇
// @param moved    Ȧ
HWY_INLINE void moving_attend_backward(const PlanRun& run, const PlanOp& op,
                                       const float* HWY_RESTRICT from, const float* HWY_RESTRICT q,
                                       const float* HWY_RESTRICT slopes,
                                       const float* HWY_RESTRICT tangent,
                                       const float* HWY_RESTRICT moved) {
  const float* HWY_RESTRICT in = run.value(op.in.value);
  const float* HWY_RESTRICT shares = run.at(op.saved);
  float* HWY_RESTRICT bends = run.grads + op.saved * kLanes;  // s·N
  const std::int64_t column = op.out_shape.height * op.out_shape.width * kLanes;
  float* HWY_RESTRICT by_moved = run.at(run.plan.scratch);  // a row of B − κ
  float* HWY_RESTRICT by_share = by_moved + column;         // of W
  float* HWY_RESTRICT to = by_share + column;
  for (std::int64_t h = 0; h < op.attention.heads; ++h) {
    const AttentionHead head(op, h);
    const Lanes scale = lanes::all_lanes(head.scale);
    for (std::int64_t b = 0; b < head.places; ++b) {
      const std::int64_t share = head.shares + b * kLanes;
      float* HWY_RESTRICT of_v = to + b * head.qkv_row + head.v;
      sum_of_rows<false>(head, shares + share, column, from + head.q, head.row, of_v);
      sum_of_rows<true>(head, moved + share, column, q + head.q, head.row, of_v);
    }
    for (std::int64_t a = 0; a < head.places; ++a) {
      const std::int64_t at = head.shares + a * column, result = a * head.row + head.q;
      products_with_rows<false>(head, q + result, in + head.v, head.qkv_row, by_moved);
      products_with_rows<false>(head, from + result, in + head.v, head.qkv_row, by_share);
      products_with_rows<true>(head, q + result, tangent + head.v, head.qkv_row, by_share);
      const Lanes kappa = mean_under(head, shares + at, by_moved);
      Lanes mu = mean_under(head, shares + at, by_share);
      for (std::int64_t b = 0; b < column; b += kLanes) {
        const Lanes off = lanes::load_lanes(by_moved + b) - kappa;
        const Lanes bent = off * lanes::load_lanes(moved + at + b);
        lanes::store_lanes(bent, by_moved + b);
        mu = mu + bent;
      }
      for (std::int64_t b = 0; b < column; b += kLanes) {
        const Lanes off = lanes::load_lanes(by_share + b) - mu;
        const Lanes bend = lanes::mul_add(lanes::load_lanes(shares + at + b), off,
                                          lanes::load_lanes(by_moved + b));
        lanes::store_lanes(scale * bend, bends + at + b);
      }
      float* HWY_RESTRICT of_q = to + a * head.qkv_row + head.q;
      sum_of_rows<false>(head, bends + at, kLanes, in + head.k, head.qkv_row, of_q);
      sum_of_rows<true>(head, slopes + at, kLanes, tangent + head.k, head.qkv_row, of_q);
    }
    for (std::int64_t b = 0; b < head.places; ++b) {
      const std::int64_t at = head.shares + b * kLanes;
      float* HWY_RESTRICT of_k = to + b * head.qkv_row + head.k;
      sum_of_rows<false>(head, bends + at, column, in + head.q, head.qkv_row, of_k);
      sum_of_rows<true>(head, slopes + at, column, tangent + head.q, head.qkv_row, of_k);
    }
  }
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(to + i * kLanes); });
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_ATTENTION_INL_H_
