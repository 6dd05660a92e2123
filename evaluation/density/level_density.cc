#include "evaluation/density/level_density.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "base/error.h"
#include "data/bits_per_dim.h"
#include "evaluation/density/flow_density.h"
#include "evaluation/log_z_run.h"
#include "samplers/chain_block.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {
namespace {

const models::LevelWalk& walk_of(const models::EnergyModel& model) {
  if (const models::LevelWalk* levels = models::own_levels(model)) return *levels;
  throw Error(ErrorCode::kUsage,
              (model.origin.empty() ? "the energy" : model.origin) +
                  " goes through no levels of noise, which its density is found along; expected a "
                  "model of objective dual or recovery, or dsm with many levels");
}

void require_one_log_z(bool one_log_z, const std::string& origin) {
  if (one_log_z) return;
  throw Error(ErrorCode::kUsage,
              "density = energy: log Z of " + origin +
                  " may differ between levels of noise; use annealed or flow, or train by "
                  "objective dual");
}

samplers::LogZEstimate log_z_at_highest(const std::shared_ptr<const samplers::Energy>& energy,
                                        const models::LevelWalk& walk,
                                        const LevelDensityOptions& options) {
  auto at_level = std::make_shared<samplers::ConditionalEnergy>(
      energy, std::vector{walk.settings.levels.highest});
  const samplers::AnnealedImportanceOptions by_beta{
      .base = {.sd = walk.start_sd()},
      .n_temperatures = LevelDensityOptions::kTemperatures,
      .seed = options.seed,
      .n_threads = options.n_threads};
  return run_log_z(std::move(at_level), by_beta, LevelDensityOptions::kChains, {},
                   options.on_progress)
      .estimates.forward;
}

samplers::LogZEstimate log_z_at_lowest(const std::shared_ptr<const samplers::Energy>& energy,
                                       const models::LevelWalk& walk,
                                       const LevelDensityOptions& options) {
  const samplers::DiffusionAnnealingOptions by_noise{.base_sd = walk.start_sd(),
                                                     .levels = walk.settings.levels,
                                                     .n_levels = LevelDensityOptions::kLevels,
                                                     .seed = options.seed,
                                                     .n_threads = options.n_threads};
  return run_log_z(energy, by_noise, LevelDensityOptions::kChains, {}, options.on_progress)
      .estimates.forward;
}

}  // namespace

void require_density(const models::EnergyModel& model, DensityMethod method) {
  walk_of(model);
  if (method == DensityMethod::kEnergy) require_one_log_z(model.one_log_z, model.origin);
}

LevelDensity::LevelDensity(const models::EnergyModel& model,
                           const std::vector<DensityMethod>& methods,
                           const LevelDensityOptions& options)
    : energy_(walk_of(model).in_float32 ? walk_of(model).in_float32() : walk_of(model).energy),
      levels_(walk_of(model).settings.levels),
      origin_(model.origin),
      one_log_z_(model.one_log_z),
      options_(options) {
  const models::LevelWalk& walk = walk_of(model);
  for (const DensityMethod method : methods) {
    if (method == DensityMethod::kAnnealed) {
      if (!annealed_log_z_) annealed_log_z_ = log_z_at_lowest(energy_, walk, options);
    } else if (!log_z_) {
      log_z_ = log_z_at_highest(energy_, walk, options);
    }
  }
}

std::vector<double> LevelDensity::log_densities(std::span<const float> rows,
                                                DensityMethod method) const {
  std::vector<double> found;
  if (method == DensityMethod::kEnergy) require_one_log_z(one_log_z_, origin_);
  if (method != DensityMethod::kFlow) {
    found = by_energy_at(rows, levels_.lowest, log_z(method).log_z);
  } else {
    const FlowDensities flow = flow_densities(*energy_, rows,
                                              {.levels = levels_,
                                               .n_steps = options_.n_steps,
                                               .n_probes = options_.n_probes,
                                               .seed = options_.seed,
                                               .n_threads = options_.n_threads});
    found = by_energy_at(flow.ends, levels_.highest, log_z(method).log_z);
    for (std::size_t i = 0; i < found.size(); ++i) found[i] += flow.log_ratio[i];
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isfinite(found[i])) continue;
    throw Error(ErrorCode::kDiverged, "the density of row " + std::to_string(i) + " is not finite");
  }
  return found;
}

std::vector<double> LevelDensity::by_energy_at(std::span<const float> rows, float sigma,
                                               double log_z) const {
  const std::int64_t dim = energy_->dim(), n = std::ssize(rows) / dim;
  samplers::ChainStore chains(n, dim, 1);
  chains.load_rows(rows);
  chains.load_context(std::vector<float>(static_cast<std::size_t>(n), sigma));
  samplers::evaluate_chains(*energy_, chains, options_.n_threads);
  std::vector<float> energies(static_cast<std::size_t>(n));
  chains.store_energy(energies);
  std::vector<double> found;
  for (const float energy : energies) found.push_back(-double{energy} - log_z);
  return found;
}

MeanDensity mean_density(std::span<const double> log_densities, std::int64_t dim,
                         bool is_dequantised) {
  const auto n = static_cast<double>(log_densities.size());
  MeanDensity found;
  for (const double each : log_densities) found.log_p += each / n;
  double squares = 0.0;
  for (const double each : log_densities) squares += std::pow(each - found.log_p, 2);
  if (n > 1.0) found.se = std::sqrt(squares / (n - 1.0) / n);
  if (is_dequantised) found.bits_per_dim = data::bits_per_dim(-found.log_p, 0.0, dim);
  return found;
}

DensityComparison compare_densities(const models::EnergyModel& model, std::span<const float> rows,
                                    bool is_dequantised, const LevelDensityOptions& options) {
  const LevelDensity density(model, {DensityMethod::kFlow, DensityMethod::kAnnealed}, options);
  const std::int64_t dim = model.energy->dim();
  const bool is_exact = dim <= FlowDensityOptions::kExactDim;
  DensityComparison found{
      .n = std::ssize(rows) / dim,
      .levels = density.levels(),
      .log_z = density.log_z(DensityMethod::kFlow),
      .annealed_log_z = density.log_z(DensityMethod::kAnnealed),
      .n_steps = options.n_steps,
      .n_probes = is_exact ? 0 : options.n_probes,
      .by_energy = {},
      .by_flow =
          mean_density(density.log_densities(rows, DensityMethod::kFlow), dim, is_dequantised),
      .annealed =
          mean_density(density.log_densities(rows, DensityMethod::kAnnealed), dim, is_dequantised)};
  if (density.has_energy()) {
    found.by_energy =
        mean_density(density.log_densities(rows, DensityMethod::kEnergy), dim, is_dequantised);
  }
  return found;
}

}  // namespace ebm::evaluation
