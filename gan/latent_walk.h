#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/progress.h"
#include "gan/gan_model.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::gan {

struct LatentWalkOptions {
  std::int64_t n_steps = 0;
  std::uint64_t seed = 0;
  int n_threads = 1;  ///< results do not depend on it
  evaluation::OnProgress on_progress = nullptr;

  /// Draws that the diagnosis needs are kept at even distances: every thinning()-th.
  static constexpr std::int64_t kMaxDraws = 200;
  std::int64_t thinning() const;
};

/// Latents after a walk.
struct LatentWalk {
  std::vector<float> latents;        ///< [n, dim], at the end
  std::optional<double> acceptance;  ///< mean over the chains, of samplers with an accept step
  double rhat = 0.0;                 ///< the largest of the coordinates; NaN if one is unknown
  std::vector<std::string> warnings = {};  ///< as of evaluation::warnings_after
};

/// Runs chains on latent_energy() of the model: moves latents to where the critic takes their
/// images for data.
/// @param latents  [n, dim], draws of N(0, I)
/// @throws what latent_energy() and evaluation::walk_chains() throw
LatentWalk walk_latents(const GanModel& model, const std::vector<float>& latents,
                        samplers::SamplerSettings settings, const LatentWalkOptions& options);

}  // namespace ebm::gan
