#include "evaluation/log_z_bounds.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "data/bits_per_dim.h"
#include "evaluation/energy_comparison.h"

namespace ebm::evaluation {
namespace {

std::optional<double> mean_energy(const samplers::Energy& energy, const std::vector<float>& test,
                                  const LogZBoundsOptions& options) {
  if (test.empty()) return std::nullopt;
  const auto n = static_cast<std::int64_t>(test.size()) / energy.dim();
  const auto energies =
      energies_of(energy, {"dequantised test images", n, test}, options.n_threads);
  const double sum = std::accumulate(energies.begin(), energies.end(), 0.0);
  return sum / static_cast<double>(n) / options.temperature;
}

}  // namespace

std::optional<double> LogZBounds::bits_per_dim(const samplers::LogZEstimate& estimate) const {
  if (!mean_energy) return std::nullopt;
  return data::bits_per_dim(*mean_energy, estimate.log_z, dim);
}

LogZBounds bound_log_z(const std::shared_ptr<const samplers::Energy>& energy,
                       const std::vector<float>& test, const ReverseStarts& starts,
                       const LogZBoundsOptions& options) {
  LogZBounds out{.dim = energy->dim(),
                 .temperature = options.temperature,
                 .n_temperatures = options.n_temperatures,
                 .reverse_from = starts.name,
                 .mean_energy = mean_energy(*energy, test, options)};
  const auto most = static_cast<std::size_t>(LogZBoundsOptions::kChains * energy->dim());
  const std::span<const float> rows(starts.rows);
  LogZRun run = run_log_z(energy,
                          {.base = {.box = options.box},
                           .temperature = static_cast<float>(options.temperature),
                           .n_temperatures = options.n_temperatures,
                           .schedule = LogZBoundsOptions::kSchedule,
                           .seed = options.seed,
                           .n_threads = options.n_threads},
                          LogZBoundsOptions::kChains, rows.first(std::min(rows.size(), most)),
                          options.on_progress);
  out.estimates = std::move(run.estimates);
  return out;
}

}  // namespace ebm::evaluation
