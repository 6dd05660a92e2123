#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "evaluation/live_quality.h"
#include "evaluation/progress.h"
#include "gan/gan_model.h"
#include "gan/latent_walk.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::gan {

struct GanSampleOptions {
  std::int64_t n = 64;
  std::int64_t latent_steps = 0;  ///< of MCMC on the latents; 0: none
  samplers::SamplerSettings settings = {.sampler = samplers::SamplerKind::kMala};  ///< of MCMC
  evaluation::QualityReference quality = std::nullopt;  ///< measures the samples
  std::uint64_t seed = 0;
  int n_threads = 1;  ///< results do not depend on it
  evaluation::OnProgress on_progress = nullptr;

  /// Items in and out of the generator, 8 bytes a value, and for each chain with MCMC its state and
  /// the draws that are kept.
  /// @throws Error(kUsage) naming n, if samples of the model would not fit in memory
  void require_memory(const GanModel& model) const;
};

/// Samples of a generator.
struct GanSamples {
  std::vector<float> rows;                         ///< [n, size of an item], after MCMC
  std::optional<LatentWalk> walk = std::nullopt;   ///< with latent_steps
  std::optional<double> fd_before = std::nullopt;  ///< Fréchet distance before MCMC, with quality
  std::optional<double> fd_after = std::nullopt;   ///< after it
};

/// Draws latents z ~ N(0, I), moves them by MCMC on the latent energy (gan/latent_energy.h) if that
/// is asked for, and makes items of them.
/// @param stop  of base::catch_stop_signals()
/// @throws base::Stopped; Error(kBadData) if the generator's weights do not fit; what
///         walk_latents() and LiveQuality::distance_of() throw
GanSamples draw_gan_samples(const GanModel& model, const GanSampleOptions& options,
                            const std::atomic<int>& stop);

}  // namespace ebm::gan
