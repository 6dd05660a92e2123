#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::app {

/// The words of `ebm bench`: comma lists of what is swept, single numbers for the rest.
struct BenchWords {
  std::vector<std::string> energies{"toy:double-well"};  ///< their words have commas of their own
  std::string samplers = "langevin";
  std::string n = "100000";
  std::string steps = "100";
  std::string threads = "0";
  std::optional<double> step_size;  ///< the sampler's default unless set
  double temperature = 1.0;
  std::int64_t n_leapfrog = 10;
  std::int64_t repetitions = 5;
  std::string format = "table";
  std::int64_t seed = 0;
};

/// One combination: a row of the table.
struct BenchCase {
  std::string energy_name;
  std::shared_ptr<const samplers::Energy> energy;
  std::string backend;  ///< what evaluates the energy; analytic for the toys
  std::string sampler;
  std::shared_ptr<const samplers::Kernel> kernel;
  std::int64_t n_chains;
  std::int64_t n_steps;
  int n_threads;
};

/// All combinations, the last list varying fastest.
/// @throws Error(kUsage) naming the option, the entry found and what would be right.
std::vector<BenchCase> plan_bench(const BenchWords& words);

}  // namespace ebm::app
