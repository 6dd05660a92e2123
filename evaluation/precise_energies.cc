#include "evaluation/precise_energies.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {
namespace {

/// @param context  of at least as many rows
std::vector<float> energies_at(const samplers::Energy& energy, std::span<const float> rows,
                               std::span<const float> context) {
  const std::int64_t dim = energy.dim(), context_dim = energy.context_dim();
  samplers::ChainStore chains(static_cast<std::int64_t>(rows.size()) / dim, dim, context_dim);
  chains.load_rows(rows);
  if (context_dim > 0) {
    chains.load_context(context.first(static_cast<std::size_t>(chains.n_chains() * context_dim)));
  }
  samplers::evaluate_chains(energy, chains, 1);
  std::vector<float> energies(static_cast<std::size_t>(chains.n_chains()));
  chains.store_energy(energies);
  return energies;
}

/// The lowest at which chains walk.
double lowest_temperature(const samplers::SamplerSettings& settings) {
  if (settings.sampler != samplers::SamplerKind::kAnnealed) return settings.temperature;
  const samplers::Schedule& schedule = settings.schedules.temperature;
  return schedule.shape == samplers::Schedule::Shape::kConstant
             ? schedule.start
             : std::min(schedule.start, schedule.end);
}

}  // namespace

void use_precise_energies(models::EnergyModel& model, std::span<const float> rows,
                          double temperature, const std::string& what, const CoarseEnergies& coarse,
                          std::span<const float> context) {
  if (!model.in_float32) return;
  const auto in_float32 = model.in_float32();
  const auto dim = static_cast<std::size_t>(model.energy->dim());
  const auto some = rows.first(std::min<std::size_t>(rows.size(), samplers::kLanes * dim));
  const std::vector<float> rounded = energies_at(*model.energy, some, context);
  const std::vector<float> exact = energies_at(*in_float32, some, context);
  double squares = 0.0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    squares += std::pow(double{rounded[i]} - double{exact[i]}, 2.0);
  }
  const double error = std::sqrt(squares / static_cast<double>(exact.size()));
  // Not (error > ...): NaN is the samplers' to name.
  if (error <= kMaxEnergyError * temperature || std::isnan(error)) return;
  const std::string line = "precision = bf16: energies are off by " + base::number_text(error) +
                           ", and " + what +
                           " takes their differences at T = " + base::number_text(temperature);
  if (coarse.is_refused) {
    throw Error(ErrorCode::kUsage, line + "; take --precision f32, or T of at least " +
                                       base::number_text(error / kMaxEnergyError));
  }
  if (coarse.warn) coarse.warn(line + "; the model is taken in f32");
  model.energy = in_float32;
  model.precision = nets::Precision::kFloat32;
  model.in_float32 = nullptr;
}

void use_precise_energies(models::EnergyModel& model, std::span<const float> starts,
                          const samplers::SamplerSettings& settings, const CoarseEnergies& coarse,
                          std::span<const float> context) {
  // Replicas are exchanged by their energies, whatever moves them.
  const bool takes_differences =
      settings.sampler == samplers::SamplerKind::kParallelTempering ||
      samplers::target_acceptance(settings.inner.value_or(settings.sampler)).has_value();
  if (!takes_differences) return;
  use_precise_energies(model, starts, lowest_temperature(settings),
                       samplers::sampler_name(settings.sampler), coarse, context);
}

}  // namespace ebm::evaluation
