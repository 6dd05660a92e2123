// Second derivatives of activations, 16 chains at a time. Compiled once per SIMD target.

#if defined(EBM_NETS_CURVATURE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_CURVATURE_INL_H_
#undef EBM_NETS_CURVATURE_INL_H_
#else
#define EBM_NETS_CURVATURE_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "nets/compiled/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// f''(x), given x, y = f(x) and f'(x).

// σ(1 − σ)·(2 + x·(1 − 2σ)). By e = e^−|x| and r = 1/(1 + e), so that small values keep their
// digits: σ(1 − σ) = e·r² and x·(1 − 2σ) = −|x|·(1 − e)·r.
HWY_INLINE Lanes curvature(const Silu&, const Lanes& x, const Lanes&, const Lanes&) {
  const Lanes one = lanes::all_lanes(1.0f), size = lanes::abs_lanes(x);
  const Lanes e = lanes::exp_of_nonpositive(-size);
  const Lanes r = reciprocal_of_1_to_2(one + e);
  return e * r * r * lanes::neg_mul_add(size * (one - e), r, lanes::all_lanes(2.0f));
}

// α·eˣ up to 0, as PyTorch takes it there, and 0 above.
HWY_INLINE Lanes curvature(const Elu&, const Lanes& x, const Lanes&, const Lanes& slope) {
  const Lanes zero = lanes::all_lanes(0.0f);
  return lanes::select_greater(x, zero, zero, slope);
}

// β·σ(βx)·(1 − σ(βx)).
HWY_INLINE Lanes curvature(const Softplus& f, const Lanes& x, const Lanes&, const Lanes&) {
  const Lanes beta = lanes::all_lanes(f.beta);
  const Lanes e = lanes::exp_of_nonpositive(-lanes::abs_lanes(x * beta));
  const Lanes r = reciprocal_of_1_to_2(lanes::all_lanes(1.0f) + e);
  return beta * e * r * r;
}

// −2y·(1 − y²).
HWY_INLINE Lanes curvature(const Tanh&, const Lanes&, const Lanes& y, const Lanes& slope) {
  return lanes::all_lanes(-2.0f) * y * slope;
}

template <class F>
HWY_INLINE void activate_all_twice(const F& f, std::int64_t n, float* HWY_RESTRICT y,
                                   float* HWY_RESTRICT first, float* HWY_RESTRICT second) {
  for (std::int64_t i = 0; i < n * samplers::kLanes; i += samplers::kLanes) {
    const Lanes x = lanes::load_lanes(y + i);
    Lanes value, slope;
    f(x, value, slope);
    lanes::store_lanes(value, y + i);
    lanes::store_lanes(slope, first + i);
    lanes::store_lanes(curvature(f, x, value, slope), second + i);
  }
}

// As activate(), and second <- f''(y). Of a piecewise linear one that is 0, and left out.
static HWY_NOINLINE void activate_twice(const Activation& activation, std::int64_t n,
                                        float* HWY_RESTRICT y, float* HWY_RESTRICT first,
                                        float* HWY_RESTRICT second) {
  const auto parameter = static_cast<float>(activation.parameter);
  switch (activation.kind) {
    case ActivationKind::kSilu:
      return activate_all_twice(Silu{}, n, y, first, second);
    case ActivationKind::kElu:
      return activate_all_twice(Elu{parameter}, n, y, first, second);
    case ActivationKind::kSoftplus:
      return activate_all_twice(Softplus{parameter}, n, y, first, second);
    case ActivationKind::kTanh:
      return activate_all_twice(Tanh{}, n, y, first, second);
    case ActivationKind::kRelu:
    case ActivationKind::kLeakyRelu:
      return activate(activation, n, y, first);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_CURVATURE_INL_H_
