#include "samplers/kernels/target_temperature.h"

#include "samplers/kernels/langevin.h"

namespace ebm::samplers {

float target_temperature(const SamplerSettings& settings) {
  if (settings.sampler == SamplerKind::kAnnealed) {
    const AnnealedOptions& annealed = settings.schedules;
    const auto last = static_cast<std::uint64_t>(annealed.n_steps - 1);
    return static_cast<float>(annealed.temperature.at(last, annealed.n_steps));
  }
  const bool has_own_noise =
      settings.sampler == SamplerKind::kLangevin || settings.sampler == SamplerKind::kGradientFlow;
  return has_own_noise && settings.noise_scale
             ? effective_temperature(settings.step_size, *settings.noise_scale)
             : settings.temperature;
}

}  // namespace ebm::samplers
