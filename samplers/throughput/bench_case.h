#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

/// What a measurement of throughput runs: chains of a kernel on an energy.
struct BenchCase {
  std::string energy_name;
  std::shared_ptr<const Energy> energy;
  std::string backend;  ///< what evaluates the energy; analytic for the toys
  /// Multiplications and additions of one energy and its gradient in the products of a network,
  /// products with padding included; 0 if not counted.
  double flops = 0.0;
  std::string sampler;
  std::shared_ptr<const Kernel> kernel;
  std::int64_t n_chains;
  std::int64_t n_steps;
  int n_threads;
};

}  // namespace ebm::samplers
