#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/bench_timer.h"
#include "app/machine.h"

namespace ebm::app {

/// A row of what `ebm bench` prints.
struct BenchRow {
  std::string energy, sampler, backend;
  std::int64_t dim, n_chains, n_steps;
  int n_threads;
  std::int64_t repetitions;
  double chain_steps_per_s;  ///< median over the repetitions, as the two at the end
  double chain_steps_per_s_min, chain_steps_per_s_max;
  double chain_steps_per_s_sd;  ///< 0 for one repetition
  double gradients_per_s;       ///< of one chain each
  double ms;                    ///< of a run
};

/// @param timer  with at least one run
BenchRow bench_row(const BenchTimer& timer);

/// The rows on stdout.
/// @param format  table, csv or json
void print_bench(const std::string& format, const Machine& machine,
                 const std::vector<BenchRow>& rows);

}  // namespace ebm::app
