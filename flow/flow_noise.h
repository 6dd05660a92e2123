#pragma once

#include <memory>
#include <string>

#include "flow/residual_flow.h"
#include "training/noise_distribution.h"

namespace ebm::flow {

/// A flow as the noise of noise-contrastive training: log-densities exact for small items, else by
/// a series of 20 terms with one probe. It can learn, as `ebm flow train` does: Adam, Russian
/// roulette, convolutions projected to their norms (flow/free_weights.h).
/// @param data       SPEC, for the file of a flow that learns
/// @param n_threads  no bit depends on it
std::unique_ptr<training::NoiseDistribution> flow_noise(const ResidualFlow& flow,
                                                        const std::string& data, int n_threads);

}  // namespace ebm::flow
