#include "samplers/ais/beta_schedule.h"

#include <cmath>

#include "base/require.h"

namespace ebm::samplers {
namespace {

constexpr double kFirstGeometric = 1e-4;
constexpr double kSteepness = 4.0;

double sigmoid(double t) { return 1.0 / (1.0 + std::exp(-t)); }

double beta_at(BetaShape shape, double k, double n) {
  const double f = k / (n - 1.0);
  switch (shape) {
    case BetaShape::kLinear:
      return f;
    case BetaShape::kGeometric:
      return std::pow(kFirstGeometric, 1.0 - (k - 1.0) / (n - 2.0));
    case BetaShape::kSigmoidal:
      break;
  }
  const double low = sigmoid(-kSteepness);
  return (sigmoid(kSteepness * (2.0 * f - 1.0)) - low) / (sigmoid(kSteepness) - low);
}

}  // namespace

std::vector<double> make_betas(BetaShape shape, std::int64_t n_temperatures) {
  base::require_at_least("n_temperatures", n_temperatures, 2);
  std::vector<double> betas(static_cast<std::size_t>(n_temperatures), 0.0);
  const std::size_t last = betas.size() - 1;
  for (std::size_t k = 1; k < last; ++k) {
    betas[k] = beta_at(shape, static_cast<double>(k), static_cast<double>(n_temperatures));
  }
  betas[last] = 1.0;  // exactly
  return betas;
}

}  // namespace ebm::samplers
