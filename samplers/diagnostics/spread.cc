#include "samplers/diagnostics/spread.h"

#include <vector>

namespace ebm::samplers {

Moments moments(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  double sum = 0.0;
  for (const double x : values) sum += x;
  const double mean = sum / n;
  double square = 0.0;
  for (const double x : values) square += (x - mean) * (x - mean);
  return {mean, square / (n - 1.0)};
}

Spread spread(const DrawsView& draws) {
  const double n = static_cast<double>(draws.n_draws());
  std::vector<double> means;
  double within = 0.0;
  for (std::int64_t c = 0; c < draws.n_chains(); ++c) {
    const Moments chain = moments(draws.chain(c));
    means.push_back(chain.mean);
    within += chain.variance / static_cast<double>(draws.n_chains());
  }
  const double between = draws.n_chains() > 1 ? moments(means).variance : 0.0;
  return {within, within * (n - 1.0) / n + between};
}

}  // namespace ebm::samplers
