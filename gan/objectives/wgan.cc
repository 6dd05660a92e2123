#include <cmath>

#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

/// The dual of W₁: L_D = mean d(y) − mean d(x),   L_G = −mean d(y), the critic's gradient
/// constrained
///   wgan      by clipping its weights to ±clip. Source: Arjovsky, Chintala, Bottou 2017.
///   wgan-gp   by weight·mean (‖∇D(x̂)‖ − 1)² between data and samples. Source: Gulrajani et al.
///   2017,
///             eq. 3.
///   wgan-div  by weight·mean ‖∇D(x̂)‖⁶ there. Source: Wu et al. 2018, eq. 8, with k = 2 and p = 6.
///   energy    by weight·mean ‖∇D(x)‖² at the data: with U = −d an energy that is dug at the data
///             and filled where samples are. Source: Su 2019, on GANs in the view of energies.
OutputTerms dual_terms() {
  const OutputTerm minus{[](double d) { return -d; }, [](double) { return -1.0; }};
  return {.real = minus,
          .fake = {[](double d) { return d; }, [](double) { return 1.0; }},
          .generator = minus};
}

std::unique_ptr<const Objective> with_penalty(const GradientPenalty& penalty) {
  OutputTerms terms = dual_terms();
  terms.penalty = penalty;
  return make_sum_of_terms(terms);
}

}  // namespace

std::unique_ptr<const Objective> make_wgan(double clip) {
  OutputTerms terms = dual_terms();
  terms.weight_clip = clip;
  return make_sum_of_terms(terms);
}

std::unique_ptr<const Objective> make_wgan_gp(double penalty) {
  return with_penalty(GradientPenalty{
      .at = GradientPenalty::At::kBetween,
      .value = [](double w, double norm) { return w * (norm - 1.0) * (norm - 1.0); },
      .derivative = [](double w, double norm) { return 2.0 * w * (norm - 1.0); },
      .weight = penalty});
}

std::unique_ptr<const Objective> make_wgan_div(double penalty) {
  return with_penalty(GradientPenalty{
      .at = GradientPenalty::At::kBetween,
      .value = [](double w, double norm) { return w * std::pow(norm, 6); },
      .derivative = [](double w, double norm) { return 6.0 * w * std::pow(norm, 5); },
      .weight = penalty});
}

std::unique_ptr<const Objective> make_energy(double penalty) {
  return with_penalty(squared_norm_penalty(penalty));
}

}  // namespace ebm::gan
