#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "samplers/throughput/bench_timer.h"
#include "samplers/throughput/machine.h"

namespace ebm::samplers {

/// Throughput of a case.
struct BenchRow {
  std::string energy;
  SamplerKind sampler;
  BenchBackend backend;
  std::string precision;
  std::int64_t dim, n_chains, n_steps;
  int n_threads;
  std::int64_t repetitions;
  double chain_steps_per_s;  ///< median over the repetitions, as the two at the end
  double chain_steps_per_s_min, chain_steps_per_s_max;
  double chain_steps_per_s_sd;  ///< 0 for one repetition
  double gradients_per_s;       ///< of one chain each
  double ms;                    ///< of a run
  double gflops;                ///< of a network's products, gradients/s times FLOPs; else 0
  /// chain_steps_per_s over that of LibTorch on the same network, chains, steps and threads, by its
  /// two backends; 0 without
  double ratio_to_torch = 0.0, ratio_to_torch_intra_op = 0.0;
};

/// @param timer  with at least one run
BenchRow bench_row(const BenchTimer& timer);

/// What a row of a network is of the peak of the unit that multiplies its numbers.
double peak_fraction(const BenchRow& row, const Machine& machine);

/// Sets the ratios to LibTorch where the rows have what it takes.
void compare_with_torch(std::vector<BenchRow>& rows);

}  // namespace ebm::samplers
