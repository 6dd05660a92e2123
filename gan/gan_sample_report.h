#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "gan/latent_walk.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::gan {

/// What `ebm gan sample` prints.
struct GanSampleReport {
  std::int64_t n = 0;
  std::string data, out;  ///< as on the command line; may be empty
  std::int64_t latent_steps = 0;
  std::optional<samplers::SamplerSettings> settings =
      std::nullopt;  ///< of the latents, with a walk
  std::optional<LatentWalk> walk = std::nullopt;
  std::optional<double> fd_before = std::nullopt, fd_after = std::nullopt;
};

/// Lines for a person, each ending with a newline.
std::string gan_sample_text(const GanSampleReport& report);
/// The same as one document.
nlohmann::json gan_sample_json(const GanSampleReport& report);

}  // namespace ebm::gan
