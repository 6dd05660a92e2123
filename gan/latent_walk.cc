#include "gan/latent_walk.h"

#include <algorithm>
#include <cmath>

#include "evaluation/walk.h"
#include "evaluation/walk_warnings.h"
#include "gan/latent_energy.h"
#include "nets/files/read_layer_weights.h"

namespace ebm::gan {

std::int64_t LatentWalkOptions::thinning() const {
  return std::max<std::int64_t>(1, n_steps / kMaxDraws);
}

LatentWalk walk_latents(const GanModel& model, const std::vector<float>& latents,
                        samplers::SamplerSettings settings, const LatentWalkOptions& options) {
  const auto weighted = [&](const nets::Architecture& architecture,
                            const nets::SafetensorsFile& weights) {
    return WeightedNet{architecture, nets::read_layer_weights(architecture, weights, model.origin)};
  };
  const auto energy = latent_energy(weighted(model.generator, model.generator_weights),
                                    weighted(model.critic, model.critic_weights));
  const std::int64_t dim = energy->dim();
  const evaluation::WalkOptions plan{.n = static_cast<std::int64_t>(latents.size()) / dim,
                                     .steps = options.n_steps,
                                     .thinning = options.thinning(),
                                     .keep_draws = true,
                                     .seed = options.seed,
                                     .n_threads = options.n_threads,
                                     .on_progress = options.on_progress};
  evaluation::Walk walk = evaluation::walk_chains(*energy, latents, plan, settings);
  walk.draw_energies.clear();  // R-hat is that of the coordinates
  const samplers::Diagnosis diagnosis =
      evaluation::diagnose_walk(walk, plan, settings.sampler, *energy);
  std::vector<std::string> warnings = evaluation::warnings_after(walk, settings);
  LatentWalk out{.latents = std::move(walk.rows),
                 .acceptance = diagnosis.mean_acceptance(),
                 .rhat = 0.0,
                 .warnings = std::move(warnings)};
  for (const samplers::ScalarSummary& row : diagnosis.rows) {
    // An unknown R-hat makes the largest unknown.
    if (std::isnan(row.rhat) || row.rhat > out.rhat) out.rhat = row.rhat;
    if (std::isnan(row.rhat)) break;
  }
  return out;
}

}  // namespace ebm::gan
