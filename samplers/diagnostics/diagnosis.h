#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "samplers/diagnostics/scalar_summary.h"

namespace ebm::samplers {

/// Output of a run: draws in the order they were made, and what the kernel counted. Spans are empty
/// where a run has no such thing.
struct Trace {
  std::int64_t n_draws = 0;
  std::int64_t n_chains = 0;
  std::int64_t dim = 0;
  std::span<const float> x = {};        ///< [n_draws, n_chains, dim]
  std::vector<std::string> names = {};  ///< [dim], of the columns of x; empty: x[0], x[1], ...
  std::span<const float> energy = {};   ///< [n_draws, n_chains], E(x)
  /// [n_draws, n_chains], of kernels that draw a momentum: what e_bfmi() takes. Not E(x).
  std::span<const float> total_energy = {};
  /// [n_chains], the share of proposals that were accepted, or their mean probability.
  std::span<const double> acceptance = {};
  /// [n_chains], number of divergent steps.
  std::span<const std::int64_t> n_divergent = {};
  std::optional<double> seconds = std::nullopt;  ///< that the draws took

  /// @throws Error(kShape) naming the span whose size does not fit.
  void validate() const;
};

/// What is warned about. The thresholds are Stan's but for acceptance and many chains.
struct DiagnosisOptions {
  double max_rhat = 1.01;
  double min_ess_per_chain = 100.0;
  double min_ess = 400.0;  ///< enough in total, for any number of chains
  double min_e_bfmi = 0.3;
  double min_acceptance = 0.2;  ///< of all chains; the best is 0.234 (random walk) to 0.651 (HMC)
  double min_chain_acceptance = 0.02;  ///< of each chain; one below it is stuck
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

struct Diagnosis {
  std::int64_t n_draws = 0;
  std::int64_t n_chains = 0;
  std::optional<double> seconds = std::nullopt;
  std::vector<ScalarSummary> rows = {};        ///< "energy" if there is one, then those of x
  std::vector<double> e_bfmi = {};             ///< [n_chains], or empty
  std::vector<double> acceptance = {};         ///< [n_chains], or empty
  std::vector<std::int64_t> n_divergent = {};  ///< [n_chains], or empty
  std::vector<std::string> warnings = {};      ///< one line each

  /// The smallest E-BFMI of the chains that have one, the mean acceptance and all divergent steps;
  /// empty if the trace had none.
  std::optional<double> least_e_bfmi() const;
  std::optional<double> mean_acceptance() const;
  std::optional<std::int64_t> total_divergent() const;
};

/// Diagnoses every coordinate and the energy. Rows are computed side by side on n_threads and do
/// not depend on their number.
/// @throws Error(kShape), Error(kUsage) as the two validate().
Diagnosis diagnose(const Trace& trace, const DiagnosisOptions& options = {});

}  // namespace ebm::samplers
