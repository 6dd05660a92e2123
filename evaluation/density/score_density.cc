#include "evaluation/density/score_density.h"

#include <algorithm>
#include <span>

#include "data/batch_source.h"

namespace ebm::evaluation {

DensityScores score_density(const models::EnergyModel& model, const data::Dataset& dataset,
                            std::int64_t n, DensityMethod method,
                            const LevelDensityOptions& options) {
  require_density(model, method);
  const std::int64_t dim = dataset.shape.size();
  if (n == 0 || n > dataset.n) n = dataset.n;
  const LevelDensity density(model, {method}, options);
  const std::vector<float> rows = data::dequantized_rows(dataset, n, options.seed);
  const std::vector<double> found = density.log_densities(rows, method);
  DensityScores scores{.method = method,
                       .energies = {},
                       .log_z = density.log_z(method),
                       .mean = mean_density(found, dim, dataset.is_bytes())};
  for (const double log_p : found) scores.energies.push_back(static_cast<float>(-log_p));
  return scores;
}

}  // namespace ebm::evaluation
