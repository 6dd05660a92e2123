// Modified Bessel functions of the chains of one block. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_BESSEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_BESSEL_INL_H_
#undef EBM_SAMPLERS_BESSEL_INL_H_
#else
#define EBM_SAMPLERS_BESSEL_INL_H_
#endif

#include <cstddef>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

template <std::size_t kN>
HWY_INLINE Lanes polynomial(const float (&coefficient)[kN], const Lanes& x) {
  Lanes p = all_lanes(coefficient[kN - 1]);
  for (std::size_t i = kN - 1; i-- > 0;) p = mul_add(p, x, all_lanes(coefficient[i]));
  return p;
}

// exp(−z)·I₀(z) and I₁(z)/(z·I₀(z)) for z ≥ 0, to 5e-7 relative; NaN for NaN.
HWY_INLINE void bessel_ratio(const Lanes& z, Lanes& scaled_i0, Lanes& i1_by_z_i0) {
  // Up to 6 the power series in q = z²/4: I₀ = Σ qⁿ/n!², I₁/z = ½ Σ qⁿ/(n!(n+1)!).
  constexpr std::size_t kTerms = 16;
  float i0_term[kTerms], i1_term[kTerms];
  double factorial = 1.0;
  for (std::size_t n = 0; n < kTerms; ++n) {
    if (n > 0) factorial *= static_cast<double>(n);
    i0_term[n] = static_cast<float>(1.0 / (factorial * factorial));
    i1_term[n] = static_cast<float>(0.5 / (factorial * factorial * static_cast<double>(n + 1)));
  }
  // From 6 on √(2πz)·exp(−z)·I(z) as polynomials in 1/z, minimax by reweighted least squares
  // (error 4.3e-8).
  constexpr float kI0[] = {9.999999645e-01f, 1.250155722e-01f,  6.921455957e-02f,
                           1.008012471e-01f, -1.812183122e-01f, 1.435547221e+00f};
  constexpr float kI1[] = {1.000000043e+00f,  -3.750186682e-01f, -1.158820900e-01f,
                           -1.350439930e-01f, 1.992508683e-01f,  -1.684011195e+00f};
  const Lanes cut = all_lanes(6.0f);
  const Lanes near = min_lanes(z, cut), far = max_lanes(z, cut);
  const Lanes q = all_lanes(0.25f) * near * near;
  const Lanes near_i0 = polynomial(i0_term, q);
  const Lanes inverse = all_lanes(1.0f) / far;
  const Lanes far_i0 = polynomial(kI0, inverse);
  const Lanes root = sqrt_lanes(all_lanes(0.159154943f) * inverse);
  const Lanes near_ratio = polynomial(i1_term, q) / near_i0;
  const Lanes far_ratio = polynomial(kI1, inverse) * inverse / far_i0;
  // Minimum and maximum may hide a NaN.
  const Lanes taint = all_lanes(0.0f) * z;
  scaled_i0 = select_greater(z, cut, far_i0 * root, near_i0 * exp_of_nonpositive(-near)) + taint;
  i1_by_z_i0 = select_greater(z, cut, far_ratio, near_ratio) + taint;
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_BESSEL_INL_H_
