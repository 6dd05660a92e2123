#pragma once

#include <cstdint>
#include <vector>

#include "evaluation/restoration/restore.h"

namespace ebm::evaluation {

/// Whether the model knows by itself what an image was that is observed as y = x + σξ: its recipe
/// goes through levels of noise, and σ is one of them. Several models as one do not.
bool can_denoise(const models::EnergyModel& model, const ObservationOperator& observed,
                 double noise_sd);

/// Of the sampler that draws from p(x | y), y = x + σξ: the diffusion of noise backwards from y
/// (samplers/kernels/ancestral.h).
/// @param n_steps  from σ to the lowest level of the model
samplers::SamplerSettings denoising_settings(const models::EnergyModel& model, double noise_sd,
                                             std::int64_t n_steps);

/// The mean of p(x | y), y = x + σξ: y − σ²·∇E(y, σ), clamped to the box.
/// @param y  [n, dim]
/// Source: Tweedie's formula, as in Efron 2011, eq. 2.8.
std::vector<float> denoised_mean(const models::EnergyModel& model, const std::vector<float>& y,
                                 double noise_sd, int n_threads);

/// restore() of images with noise by a sampler that goes through levels of noise: chains start at y
/// and end at draws from p(x | y).
/// @throws Error(kUsage) unless can_denoise()
Restoration denoise(const models::EnergyModel& model, const ObservationOperator& observed,
                    const std::vector<float>& y, const RestorationOptions& options,
                    samplers::SamplerSettings& settings);

}  // namespace ebm::evaluation
