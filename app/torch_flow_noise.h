#pragma once

#include <memory>

#include "ebm/noise_distribution.h"
#include "flow/residual_flow.h"

namespace ebm::app {

/// A flow as the noise of noise-contrastive training: log-densities exact for small items, else by
/// a series of 20 terms with one probe.
/// @param n_threads  no bit depends on it
std::unique_ptr<const NoiseDistribution> flow_noise(const flow::ResidualFlow& flow, int n_threads);

}  // namespace ebm::app
