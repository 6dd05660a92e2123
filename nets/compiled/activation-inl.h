// Activations and their first and second derivatives, 16 chains at a time. Compiled once per SIMD
// target.

#if defined(EBM_NETS_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_ACTIVATION_INL_H_
#undef EBM_NETS_ACTIVATION_INL_H_
#else
#define EBM_NETS_ACTIVATION_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "nets/architecture/layer.h"
#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {
namespace lanes = samplers::HWY_NAMESPACE;
using lanes::Lanes;

// 1/d for d in [1, 2]: a parabola within 1 %, then two steps of Newton. A division would take
// longer than everything else in a sigmoid.
HWY_INLINE Lanes reciprocal_of_1_to_2(const Lanes& d) {
  const Lanes two = lanes::all_lanes(2.0f);
  Lanes r = lanes::mul_add(lanes::all_lanes(0.32321772f), d, lanes::all_lanes(-1.45448089f));
  r = lanes::mul_add(r, d, lanes::all_lanes(2.12114828f));
  r = r * lanes::neg_mul_add(d, r, two);
  return r * lanes::neg_mul_add(d, r, two);
}

// σ(x) = 1/(1 + e⁻ˣ), by e^−|x| so that nothing overflows.
HWY_INLINE Lanes sigmoid(const Lanes& x) {
  const Lanes one = lanes::all_lanes(1.0f), zero = lanes::all_lanes(0.0f);
  const Lanes e = lanes::exp_of_nonpositive(-lanes::abs_lanes(x));
  const Lanes r = reciprocal_of_1_to_2(one + e);
  return r * lanes::select_greater(zero, x, e, one);
}

struct Silu {
  HWY_INLINE void operator()(const Lanes& x, Lanes& y, Lanes& derivative) const {
    const Lanes s = sigmoid(x);
    y = x * s;
    derivative = lanes::mul_add(y, lanes::all_lanes(1.0f) - s, s);
  }
};

// Also ReLU, whose slope is 0. The derivative at 0 is the slope, as in PyTorch.
struct LeakyRelu {
  float slope;
  HWY_INLINE void operator()(const Lanes& x, Lanes& y, Lanes& derivative) const {
    derivative = lanes::select_greater(x, lanes::all_lanes(0.0f), lanes::all_lanes(1.0f),
                                       lanes::all_lanes(slope));
    y = x * derivative;
  }
};

struct Elu {
  float alpha;
  HWY_INLINE void operator()(const Lanes& x, Lanes& y, Lanes& derivative) const {
    const Lanes zero = lanes::all_lanes(0.0f);
    const Lanes e = lanes::all_lanes(alpha) * lanes::exp_of_nonpositive(lanes::min_lanes(x, zero));
    y = lanes::select_greater(x, zero, x, e - lanes::all_lanes(alpha));
    derivative = lanes::select_greater(x, zero, lanes::all_lanes(1.0f), e);
    // The minimum may have hidden a NaN.
    y = lanes::mul_add(zero, x, y);
  }
};

// ln(1 + e^βx)/β = max(x, 0) + ln(1 + e^−|βx|)/β.
struct Softplus {
  float beta;
  HWY_INLINE void operator()(const Lanes& x, Lanes& y, Lanes& derivative) const {
    const Lanes one = lanes::all_lanes(1.0f), zero = lanes::all_lanes(0.0f);
    const Lanes scaled = x * lanes::all_lanes(beta);
    const Lanes e = lanes::exp_of_nonpositive(-lanes::abs_lanes(scaled));
    const Lanes sum = one + e, r = reciprocal_of_1_to_2(sum);
    // What the sum has lost of a small e.
    const Lanes log1p = lanes::mul_add(e - (sum - one), r, lanes::log_lanes(sum));
    y = lanes::mul_add(log1p, lanes::all_lanes(1.0f / beta),
                       lanes::select_greater(x, zero, x, zero * x));
    derivative = r * lanes::select_greater(zero, x, e, one);
  }
};

// 2σ(2x) − 1, by e^−2|x| with its sign.
struct Tanh {
  HWY_INLINE void operator()(const Lanes& x, Lanes& y, Lanes& derivative) const {
    const Lanes one = lanes::all_lanes(1.0f), zero = lanes::all_lanes(0.0f);
    const Lanes e = lanes::exp_of_nonpositive(lanes::all_lanes(-2.0f) * lanes::abs_lanes(x));
    const Lanes size = (one - e) * reciprocal_of_1_to_2(one + e);
    y = lanes::select_greater(zero, x, -size, size);
    derivative = lanes::neg_mul_add(y, y, one);
  }
};

struct Scale {
  float factor;
  HWY_INLINE void operator()(const Lanes& x, Lanes& y, Lanes& derivative) const {
    derivative = lanes::all_lanes(factor);
    y = x * derivative;
  }
};

// y <- f(y), derivative <- f'(y) of n values of 16 chains.
template <class F>
HWY_INLINE void activate_all(const F& f, std::int64_t n, float* HWY_RESTRICT y,
                             float* HWY_RESTRICT derivative) {
  for (std::int64_t i = 0; i < n * samplers::kLanes; i += samplers::kLanes) {
    Lanes value, slope;
    f(lanes::load_lanes(y + i), value, slope);
    lanes::store_lanes(value, y + i);
    lanes::store_lanes(slope, derivative + i);
  }
}

// Calls body(f) with the function of an activation.
template <class Body>
HWY_INLINE void with_function(const Activation& activation, const Body& body) {
  const auto parameter = static_cast<float>(activation.parameter);
  switch (activation.kind) {
    case ActivationKind::kSilu:
      return body(Silu{});
    case ActivationKind::kRelu:
      return body(LeakyRelu{0.0f});
    case ActivationKind::kLeakyRelu:
      return body(LeakyRelu{parameter});
    case ActivationKind::kElu:
      return body(Elu{parameter});
    case ActivationKind::kSoftplus:
      return body(Softplus{parameter});
    case ActivationKind::kTanh:
      return body(Tanh{});
    case ActivationKind::kScale:
      return body(Scale{parameter});
  }
}

static HWY_NOINLINE void activate(const Activation& activation, std::int64_t n,
                                  float* HWY_RESTRICT y, float* HWY_RESTRICT derivative) {
  with_function(activation, [&](const auto& f) HWY_ATTR { activate_all(f, n, y, derivative); });
}

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
HWY_MAYBE_UNUSED static HWY_NOINLINE void activate_twice(const Activation& activation,
                                                         std::int64_t n, float* HWY_RESTRICT y,
                                                         float* HWY_RESTRICT first,
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
    case ActivationKind::kScale:
      return activate(activation, n, y, first);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_ACTIVATION_INL_H_
