#include "samplers/diagnostics/monte_carlo_error.h"

#include <cmath>

#include "samplers/diagnostics/effective_sample_size.h"
#include "samplers/diagnostics/spread.h"

namespace ebm::samplers {

double mcse_mean(const DrawsView& draws) {
  return std::sqrt(moments(draws.values()).variance / ess_mean(draws));
}

double mcse_sd(const DrawsView& draws) {
  const double mean = moments(draws.values()).mean;
  const Draws squares = map_draws(draws, [&](double x) { return (x - mean) * (x - mean); });
  const Moments square = moments(squares.values);
  const double n = static_cast<double>(squares.values.size());
  const double variance_of_square = square.variance * (n - 1.0) / n;
  return std::sqrt(variance_of_square / ess_mean(squares.view()) / (4.0 * square.mean));
}

}  // namespace ebm::samplers
