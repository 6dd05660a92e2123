#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "nets/architecture/precision.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::nets {

/// How a model is sampled while it is trained: the defaults of `ebm sample`.
struct SamplerRecipe {
  samplers::SamplerKind sampler = samplers::SamplerKind::kLangevin;
  samplers::LangevinOptions langevin;         ///< step size, noise and box, of any sampler
  std::int64_t n_steps = 256;                 ///< from noise to a sample
  Precision precision = Precision::kFloat32;  ///< of the compiled network
  float flow_time = 1.0f;                     ///< of SamplerKind::kGradientFlow
  samplers::NoiseLevels levels = {};          ///< of samplers that go through levels of noise
  std::int64_t n_levels = 50;                 ///< of samplers with some steps at each
  float momentum = 0.9f;                      ///< of SamplerKind::kNesterov
  /// Chains from noise start at draws of N(0, start_sd²·I); unset: uniform on the box, or N(0, I).
  std::optional<float> start_sd = std::nullopt;
  /// Of a network with classes: w of E(x, none) + w·(E(x, y) − E(x, none)), from which samples of a
  /// class y are drawn; unset: 1.
  std::optional<float> guidance = std::nullopt;
  /// The times of the flow between which w counts (samplers::Guidance).
  std::optional<float> guidance_start = std::nullopt, guidance_end = std::nullopt;
};

/// For samplers::make_kernel.
samplers::SamplerSettings settings_of(const SamplerRecipe& recipe);

/// TOML text, as the metadata of a model hold it. That of Langevin dynamics in float32 is that of
/// versions which knew nothing else.
std::string recipe_to_toml(const SamplerRecipe& recipe);

/// @param origin  the file, for messages
/// @throws Error(kBadData) naming the file and what is wrong.
SamplerRecipe recipe_from_toml(const std::string& text, const std::string& origin);

}  // namespace ebm::nets
