#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names/choice.h"
#include "evaluation/throughput/bench_sweep.h"

namespace ebm::app {

enum class BenchFormat { kTable, kCsv, kJson };

inline constexpr base::Choice<BenchFormat> kBenchFormats[] = {
    {"table", BenchFormat::kTable}, {"csv", BenchFormat::kCsv}, {"json", BenchFormat::kJson}};

/// The options of `ebm bench`: comma-separated lists of what is swept, single values for the rest.
struct BenchOptions {
  std::vector<std::string> energies;  ///< a list, as they may have commas
  std::string nets;                   ///< presets, instead of energies
  std::string backends = "compiled";  ///< of nets
  std::string precisions = "f32";     ///< of compiled nets
  std::string classes = "0";          ///< that nets are given; 0: none
  std::string condition_by = "film";  ///< how
  std::string samplers = "langevin";
  std::string n;      ///< 100000 for toys and 128 for nets unless set
  std::string steps;  ///< 100 and 20
  std::string threads = "0";
  std::optional<double> step_size;         ///< the sampler's default unless set
  std::optional<double> temperature;       ///< 1 unless set
  std::optional<std::int64_t> n_leapfrog;  ///< of hmc, 10 unless set
  std::int64_t repetitions = 5;
  std::string format = "table";      ///< of stdout
  bool json = false;                 ///< as format = json
  bool layers = false;               ///< of nets, the time of each layer instead
  std::string out;                   ///< FILE.csv or FILE.json, or empty
  std::string plot;                  ///< FILE.png, or empty
  std::vector<std::string> compare;  ///< two FILE.json to compare instead, or none
  std::int64_t seed = 0;

  /// @throws Error(kUsage) for another name
  BenchFormat stdout_format() const;
};

void add_bench_options(CLI::App& sub, BenchOptions& options);

/// The networks that the options name; none without --net.
/// @throws Error(kUsage) naming the option, the entry found and what would be right
evaluation::BenchNetworks networks_of(const BenchOptions& options);

/// All that the options name.
/// @param networks  networks_of() the options
/// @throws Error(kUsage) likewise
evaluation::BenchSweep sweep_of(const BenchOptions& options, evaluation::BenchNetworks networks);

}  // namespace ebm::app
