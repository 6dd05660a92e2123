#include "app/bench/result.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/bench/result_table.h"

namespace ebm::app {
namespace {

using samplers::BenchRow;
using samplers::Machine;

nlohmann::json machine_json(const Machine& machine) {
  nlohmann::json peaks = nlohmann::json::object();
  for (const auto& [threads, peak] : machine.fma_peak_gflops) peaks[std::to_string(threads)] = peak;
  return {{"cpu", machine.cpu},
          {"cores", machine.n_cores},
          {"simd", machine.simd},
          {"memory_bytes", machine.memory_bytes},
          {"fma_peak_gflops", peaks}};
}

void print_bench_json(const Machine& machine, const std::vector<BenchRow>& rows) {
  nlohmann::json array = nlohmann::json::array();
  for (const BenchRow& row : rows) {
    array.push_back({{row.gflops > 0.0 ? "net" : "energy", row.energy},
                     {"dim", row.dim},
                     {"sampler", row.sampler},
                     {"chains", row.n_chains},
                     {"steps", row.n_steps},
                     {"threads", row.n_threads},
                     {"backend", row.backend},
                     {"repetitions", row.repetitions},
                     {"chain_steps_per_s", row.chain_steps_per_s},
                     {"chain_steps_per_s_min", row.chain_steps_per_s_min},
                     {"chain_steps_per_s_max", row.chain_steps_per_s_max},
                     {"chain_steps_per_s_sd", row.chain_steps_per_s_sd},
                     {"gradients_per_s", row.gradients_per_s},
                     {"ms", row.ms}});
    if (row.gflops == 0.0) continue;
    array.back()["gflops"] = row.gflops;
    array.back()["peak_fraction"] = row.gflops / machine.fma_peak_gflops.at(row.n_threads);
    if (row.ratio_to_torch > 0.0) array.back()["ratio_to_torch"] = row.ratio_to_torch;
    if (row.ratio_to_torch_intra_op > 0.0) {
      array.back()["ratio_to_torch_intra_op"] = row.ratio_to_torch_intra_op;
    }
  }
  const nlohmann::json document{{"machine", machine_json(machine)}, {"rows", array}};
  std::printf("%s\n", document.dump(1).c_str());
}

void print_csv(const std::vector<BenchRow>& rows) {
  std::printf(
      "energy,dim,sampler,chains,steps,threads,backend,repetitions,chain_steps_per_s,"
      "chain_steps_per_s_min,chain_steps_per_s_max,chain_steps_per_s_sd,gradients_per_s,ms\n");
  for (const BenchRow& row : rows) {
    // An energy may have a comma.
    std::printf("\"%s\",%lld,%s,%lld,%lld,%d,%s,%lld,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g\n",
                row.energy.c_str(), static_cast<long long>(row.dim), row.sampler.c_str(),
                static_cast<long long>(row.n_chains), static_cast<long long>(row.n_steps),
                row.n_threads, row.backend.c_str(), static_cast<long long>(row.repetitions),
                row.chain_steps_per_s, row.chain_steps_per_s_min, row.chain_steps_per_s_max,
                row.chain_steps_per_s_sd, row.gradients_per_s, row.ms);
  }
}

}  // namespace

void print_bench(const std::string& format, const Machine& machine,
                 const std::vector<BenchRow>& rows) {
  if (format == "json") {
    print_bench_json(machine, rows);
  } else if (format == "csv") {
    print_csv(rows);
  } else {
    print_bench_table(machine, rows);
  }
}

}  // namespace ebm::app
