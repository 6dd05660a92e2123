#pragma once

#include <functional>
#include <span>
#include <string>

#include "models/open_model.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// Rounded energies may be off by this much of T, as root of the mean square.
inline constexpr double kMaxEnergyError = 0.1;

/// What to do with energies that are too coarse.
struct CoarseEnergies {
  bool is_refused = false;                                      ///< as somebody asked for bfloat16
  std::function<void(const std::string& line)> warn = nullptr;  ///< of float32 in its place
};

/// For what takes differences of energies in units of T, accept steps and annealed importance
/// sampling: where bfloat16 rounds them too much for that, the model is taken in float32, or
/// refused. Steps that are accepted would become shorter by orders of magnitude. Measured on the
/// model that comes with the program (rounding 1.2e-3): the step of an adapted MALA is that of
/// float32 at T = 1e-2, an eighth at 1e-3, 1/7800 at 1e-4.
/// @param rows         states, [n, dim]; the first 16 count
/// @param temperature  T of exp(−E/T)
/// @param what         takes the differences, for messages
/// @param context      of the states, [n, context_dim] of the model's energy
/// @throws Error(kUsage) naming the error of the energies, T and what would be right.
void use_precise_energies(models::EnergyModel& model, std::span<const float> rows,
                          double temperature, const std::string& what, const CoarseEnergies& coarse,
                          std::span<const float> context = {});

/// The same for a walk from these starts, if its sampler has an accept step.
void use_precise_energies(models::EnergyModel& model, std::span<const float> starts,
                          const samplers::SamplerSettings& settings, const CoarseEnergies& coarse,
                          std::span<const float> context = {});

}  // namespace ebm::evaluation
