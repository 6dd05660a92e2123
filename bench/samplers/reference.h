#pragma once

#include <memory>
#include <string>

#include "samplers/kernel.h"

namespace ebm::samplers {

/// A sampler of the benches, with the default parameters of `ebm bench`.
/// @param step_size  0: the sampler's default
std::unique_ptr<const Kernel> bench_kernel(const std::string& sampler, float step_size = 0.0f);

/// What is wrong with a sampler on the double well of height 2; empty if nothing is. langevin,
/// mala, hmc, gradient-descent and nesterov are compared chain by chain with their formulas in
/// double precision; the others, whose path is long to follow, by E[x²] = 0.8521362 with five
/// standard errors. Found once for each sampler.
std::string fault_of(const std::string& sampler);

}  // namespace ebm::samplers
