#include "evaluation/throughput/throughput_report.h"

#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/printed.h"
#include "evaluation/throughput/machine_report.h"

namespace ebm::evaluation {

using samplers::BenchRow;
using samplers::Machine;

nlohmann::json throughput_json(const Machine& machine, const std::vector<BenchRow>& rows) {
  nlohmann::json array = nlohmann::json::array();
  for (const BenchRow& row : rows) {
    array.push_back({{row.gflops > 0.0 ? "net" : "energy", row.energy},
                     {"dim", row.dim},
                     {"sampler", samplers::sampler_name(row.sampler)},
                     {"chains", row.n_chains},
                     {"steps", row.n_steps},
                     {"threads", row.n_threads},
                     {"backend", base::name_of("backend", samplers::kBenchBackends, row.backend)},
                     {"repetitions", row.repetitions},
                     {"chain_steps_per_s", row.chain_steps_per_s},
                     {"chain_steps_per_s_min", row.chain_steps_per_s_min},
                     {"chain_steps_per_s_max", row.chain_steps_per_s_max},
                     {"chain_steps_per_s_sd", row.chain_steps_per_s_sd},
                     {"gradients_per_s", row.gradients_per_s},
                     {"ms", row.ms}});
    if (row.gflops == 0.0) continue;
    array.back()["precision"] = row.precision;
    array.back()["gflops"] = row.gflops;
    array.back()["peak_fraction"] = samplers::peak_fraction(row, machine);
    if (row.ratio_to_torch > 0.0) array.back()["ratio_to_torch"] = row.ratio_to_torch;
    if (row.ratio_to_torch_intra_op > 0.0) {
      array.back()["ratio_to_torch_intra_op"] = row.ratio_to_torch_intra_op;
    }
  }
  return {{"machine", machine_json(machine)}, {"rows", array}};
}

std::string throughput_csv(const Machine& machine, const std::vector<BenchRow>& rows) {
  std::string text =
      "energy,dim,sampler,chains,steps,threads,backend,repetitions,chain_steps_per_s,"
      "chain_steps_per_s_min,chain_steps_per_s_max,chain_steps_per_s_sd,gradients_per_s,ms,"
      "gflops,peak_fraction,precision," +
      machine_columns() + "\n";
  for (const BenchRow& row : rows) {
    text += csv_quoted(row.energy);
    text += base::printed(
        ",%lld,%s,%lld,%lld,%d,%s,%lld,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g",
        static_cast<long long>(row.dim), samplers::sampler_name(row.sampler).c_str(),
        static_cast<long long>(row.n_chains), static_cast<long long>(row.n_steps), row.n_threads,
        base::name_of("backend", samplers::kBenchBackends, row.backend),
        static_cast<long long>(row.repetitions), row.chain_steps_per_s, row.chain_steps_per_s_min,
        row.chain_steps_per_s_max, row.chain_steps_per_s_sd, row.gradients_per_s, row.ms);
    // Toys multiply nothing that is counted.
    text += row.gflops > 0.0
                ? base::printed(",%.6g,%.4g,", row.gflops, samplers::peak_fraction(row, machine)) +
                      row.precision
                : ",,,";
    text += "," + machine_cells(machine) + "\n";
  }
  return text;
}

}  // namespace ebm::evaluation
