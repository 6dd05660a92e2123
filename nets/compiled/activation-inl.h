// Activations and their derivatives, 16 chains at a time. Compiled once per SIMD target.

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

static HWY_NOINLINE void activate(const Activation& activation, std::int64_t n,
                                  float* HWY_RESTRICT y, float* HWY_RESTRICT derivative) {
  const auto parameter = static_cast<float>(activation.parameter);
  switch (activation.kind) {
    case ActivationKind::kSilu:
      return activate_all(Silu{}, n, y, derivative);
    case ActivationKind::kRelu:
      return activate_all(LeakyRelu{0.0f}, n, y, derivative);
    case ActivationKind::kLeakyRelu:
      return activate_all(LeakyRelu{parameter}, n, y, derivative);
    case ActivationKind::kElu:
      return activate_all(Elu{parameter}, n, y, derivative);
    case ActivationKind::kSoftplus:
      return activate_all(Softplus{parameter}, n, y, derivative);
    case ActivationKind::kTanh:
      return activate_all(Tanh{}, n, y, derivative);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_ACTIVATION_INL_H_
