#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

double real(double d) { return softplus(-d); }
double real_derivative(double d) { return -sigmoid(-d); }

}  // namespace

/// Non-saturating: the critic is a classifier by logistic regression, and the generator maximises
/// the chance that it is taken for data,
///   L_D = mean ln(1 + e^−d(x)) + mean ln(1 + e^d(y)),   L_G = mean ln(1 + e^−d(y)).
/// With weight > 0 also weight·mean ‖∇D(x)‖² at the data: R1 with γ = 2·weight.
/// Source: Goodfellow et al. 2014; Mescheder, Geiger, Nowozin 2018, eq. 9.
std::unique_ptr<const Objective> make_non_saturating(double penalty) {
  OutputTerms terms{.real = {real, real_derivative},
                    .fake = {softplus, sigmoid},
                    .generator = {real, real_derivative}};
  if (penalty > 0.0) terms.penalty = squared_norm_penalty(penalty);
  return make_sum_of_terms(terms);
}

}  // namespace ebm::gan
