#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/names/choice.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/energy.h"
#include "samplers/throughput/bench_case.h"

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
  BenchFormat format = BenchFormat::kTable;  ///< of stdout
  std::string out;                           ///< FILE.csv or FILE.json, or empty
  std::string plot;                          ///< FILE.png, or empty
  std::vector<std::string> compare;          ///< two FILE.json to compare instead, or none
  std::int64_t seed = 0;
};

/// A network with given layer weights as an energy.
/// @param intraop_threads  of LibTorch, which then is given all chains at once; 0: groups of chains
///                         side by side, with one intra-op thread each
using NetEnergy = std::function<std::shared_ptr<const samplers::Energy>(
    const nets::Architecture& architecture, const nets::LayerWeights& weights,
    int intraop_threads)>;

/// All combinations, the last list varying fastest.
/// @param torch_energy  the backends torch and torch-intra-op
/// @throws Error(kUsage) naming the option, the entry found and what would be right.
std::vector<samplers::BenchCase> plan_bench(const BenchOptions& options,
                                            const NetEnergy& torch_energy);

/// Whether one of the backends needs LibTorch.
bool wants_torch(const BenchOptions& options);

/// The precisions to measure compiled networks in.
/// @throws Error(kUsage) for another name
std::vector<nets::Precision> bench_precisions(const BenchOptions& options);

}  // namespace ebm::app
