#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/on_read.h"
#include "evaluation/chain_starts.h"
#include "evaluation/precise_energies.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "evaluation/walk.h"
#include "models/class_chains.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// How samples of a model are drawn, where that is not as its recipe says.
struct ModelWalkOptions {
  SamplerOverrides sampler = {};
  WalkOptions walk = {};  ///< n counts the chains of all classes; the context is that of classes
  ChainStart start = {};  ///< where chains start
  std::string data = {};  ///< SPEC for StartKind::kData; empty: the model's training data
  CoarseEnergies coarse = {};
  data::OnRead on_read = nullptr;                           ///< while data are read
  std::function<void(const std::string&)> on_warning = {};  ///< a line on the data or the walk
};

/// A walk with the settings that it ended with: those of the model with what was given, and with
/// what adaptation found.
struct ModelWalk {
  Walk walk;
  samplers::SamplerSettings settings;
};

/// Where chains of a model start, [n, dim].
/// @param settings  of the walk
/// @throws what chain_starts() throws
std::vector<float> starts_of_model(const models::ClassChains& classes,
                                   const ModelWalkOptions& options,
                                   const samplers::SamplerSettings& settings);

/// @param sampler  that was asked for instead of the model's, if any
/// @throws Error(kUsage) for a time of the guidance where that sampler follows no flow
void require_flow(const models::GuidanceOverrides& guidance,
                  std::optional<samplers::SamplerKind> sampler);

/// Draws samples of a model: checks the options, starts chains and moves them.
/// @param classes      as models::class_chains() makes them, or a model without labels; its model
///                     has gone through models::as_sampled(). The energy becomes that in float32
///                     where bfloat16 is too coarse, and the guidance that which counts.
/// @param make_starts  called once after all checks, with the settings of the walk
/// @throws Error(kUsage) naming an option, before anything is read or computed; what
///         use_precise_energies(), make_starts and walk_chains() throw
ModelWalk walk_model(
    models::ClassChains& classes, const ModelWalkOptions& options,
    const std::function<std::vector<float>(const samplers::SamplerSettings& settings)>&
        make_starts);

}  // namespace ebm::evaluation
