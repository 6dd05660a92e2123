#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/names/choice.h"
#include "evaluation/progress.h"
#include "models/open_model.h"
#include "samplers/ais/annealed_importance.h"

namespace ebm::evaluation {

/// How the density at the lowest level of noise is found.
enum class DensityMethod {
  kEnergy,    ///< −E − log Z, of a model whose log Z is the same at every level
  kFlow,      ///< along the probability flow
  kAnnealed,  ///< −E − log Z, log Z by annealed importance sampling down the levels
};

inline constexpr base::Choice<DensityMethod> kDensityMethods[] = {
    {"energy", DensityMethod::kEnergy},
    {"flow", DensityMethod::kFlow},
    {"annealed", DensityMethod::kAnnealed}};

struct LevelDensityOptions {
  std::int64_t n_steps = 48;  ///< of the flow
  std::int64_t n_probes = 1;  ///< of its divergence, where dim is above 64
  std::uint64_t seed = 0;
  int n_threads = 1;
  OnProgress on_progress = nullptr;

  static constexpr std::int64_t kChains = 64;         ///< of the estimates of log Z
  static constexpr std::int64_t kTemperatures = 200;  ///< of that at the highest level
  static constexpr std::int64_t kLevels = 500;        ///< from there to the lowest
};

/// @throws Error(kUsage) for a model whose recipe goes through no levels of noise; for kEnergy if
///         its log Z may differ between levels
void require_density(const models::EnergyModel& model, DensityMethod method);

/// The normalised density of a model of E(x, σ), at the lowest level of its recipe: that of data
/// with noise of that σ. Where noise is much wider than the data, at the highest level, E is nearly
/// that of a Gaussian, so that annealed importance sampling from N(0, start_sd²·I) finds log Z
/// there within a few hundredths of a nat. From there
///   by the energy  ln p(x) = −E(x, lowest) − log Z(highest), where log Z is the same at all levels
///   by the flow    ln p(x) = flow_densities() + (−E − log Z)(end, highest)
///   annealed       ln p(x) = −E(x, lowest) − log Z(lowest), by a path through the levels
/// In float32, also of a model in bfloat16.
class LevelDensity {
 public:
  /// Estimates what the methods need: log Z at the highest level, and for kAnnealed at the lowest.
  /// @throws Error(kUsage) for a model whose recipe goes through no levels of noise.
  LevelDensity(const models::EnergyModel& model, const std::vector<DensityMethod>& methods,
               const LevelDensityOptions& options);

  /// On which the densities of a method of the constructor rest.
  const samplers::LogZEstimate& log_z(DensityMethod method) const {
    return (method == DensityMethod::kAnnealed ? annealed_log_z_ : log_z_).value();
  }
  const samplers::NoiseLevels& levels() const { return levels_; }
  bool has_energy() const { return one_log_z_; }
  /// ln p of rows [n, dim], nats, by a method of the constructor.
  /// @throws what require_density() throws; Error(kDiverged) naming the first row
  ///         whose density is not finite; Error(kShape) for parts of rows
  std::vector<double> log_densities(std::span<const float> rows, DensityMethod method) const;

 private:
  /// −E(x, σ) − log Z.
  std::vector<double> by_energy_at(std::span<const float> rows, float sigma, double log_z) const;

  std::shared_ptr<const samplers::Energy> energy_;  ///< with σ as its context
  samplers::NoiseLevels levels_;
  std::string origin_;
  bool one_log_z_;
  LevelDensityOptions options_;
  std::optional<samplers::LogZEstimate> log_z_, annealed_log_z_;
};

/// Mean ln p of some rows.
struct MeanDensity {
  double log_p = 0.0;                  ///< nats
  double se = 0.0;                     ///< of the mean over rows, probes included
  std::optional<double> bits_per_dim;  ///< data::bits_per_dim() of dequantised images
};

/// @param is_dequantised  whether the rows are images of grey levels with uniform noise below one
MeanDensity mean_density(std::span<const double> log_densities, std::int64_t dim,
                         bool is_dequantised);

/// All estimates for the same rows.
struct DensityComparison {
  std::int64_t n = 0;
  samplers::NoiseLevels levels = {};
  samplers::LogZEstimate log_z = {}, annealed_log_z = {};  ///< at the highest, at the lowest level
  std::int64_t n_steps = 0, n_probes = 0;  ///< of the flow; 0 probes: all unit vectors
  std::optional<MeanDensity> by_energy;
  MeanDensity by_flow, annealed;
};

DensityComparison compare_densities(const models::EnergyModel& model, std::span<const float> rows,
                                    bool is_dequantised, const LevelDensityOptions& options);

}  // namespace ebm::evaluation
