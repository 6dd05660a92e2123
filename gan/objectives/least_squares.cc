#include "gan/objectives/objective_parts.h"

namespace ebm::gan {
namespace {

double to_one(double d) { return 0.5 * (d - 1.0) * (d - 1.0); }
double to_one_derivative(double d) { return d - 1.0; }

}  // namespace

/// Least squares: L_D = ½ mean (d(x) − 1)² + ½ mean d(y)²,   L_G = ½ mean (d(y) − 1)².
/// Source: Mao et al. 2017, eq. 9.
std::unique_ptr<const Objective> make_least_squares() {
  return make_sum_of_terms(
      {.real = {to_one, to_one_derivative},
       .fake = {[](double d) { return 0.5 * d * d; }, [](double d) { return d; }},
       .generator = {to_one, to_one_derivative}});
}

}  // namespace ebm::gan
