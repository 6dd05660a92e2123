#pragma once

#include <memory>
#include <string>

#include "flow/residual_flow.h"
#include "training/noise_distribution.h"

namespace ebm::app {

/// The flow of noise that learns: in checkpoints, and in the run folder as they left it.
inline constexpr const char* kNoiseFile = "noise.safetensors";

/// A flow as the noise of noise-contrastive training: log-densities exact for small items, else by
/// a series of 20 terms with one probe. It learns, if it does, as `ebm flow train` does: Adam,
/// Russian roulette, convolutions held to their norms (flow::FreeWeights).
/// @param data       SPEC, for the file of a flow that learns
/// @param n_threads  no bit depends on it
std::unique_ptr<LearnedNoise> flow_noise(const flow::ResidualFlow& flow, const std::string& data,
                                         int n_threads);

}  // namespace ebm::app
