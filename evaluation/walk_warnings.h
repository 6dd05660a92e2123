#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/walk.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// What is suspicious of a walk before it begins, one line each:
///   - several models as one go through levels of noise by a sampler that takes the sum of their
///     energies at a level for the energy of their product with that noise, which it is not (Du et
///     al. 2023, "Reduce, reuse, recycle"): all but annealed-langevin;
/// and of models of images
///   - the time that chains follow the gradient (step size times steps, of a trajectory half its
///     squared length) is below a hundredth of that of the model's recipe, so that chains from
///     noise remain noise;
///   - a trial of a few proposals, from the first 16 starts, accepts none.
/// The walk itself is not touched by the trial.
/// @param starts    [options.n, dim]
/// @param settings  of the walk; those of the model are its recipe
/// @throws what samplers::run_chains throws
std::vector<std::string> warnings_before(const models::EnergyModel& model,
                                         std::span<const float> starts, const WalkOptions& options,
                                         const samplers::SamplerSettings& settings);

/// How many chains accepted nothing and so stayed at their starts, and what to do; no line if there
/// are none, or after fewer than 20 proposals.
std::vector<std::string> warnings_after(const Walk& walk,
                                        const samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
