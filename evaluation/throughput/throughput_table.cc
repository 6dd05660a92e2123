#include "evaluation/throughput/throughput_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/names/choice.h"
#include "base/printed.h"

namespace ebm::evaluation {
namespace {

using base::printed;
using samplers::BenchRow;
using samplers::Machine;

const char* backend_name(samplers::BenchBackend backend) {
  return base::name_of("backend", samplers::kBenchBackends, backend);
}

std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string padded_right(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

/// "1.14e9 ± 0.02e9": both in units of one power of ten.
std::string rate_text(double rate, double sd) {
  const int exponent = rate > 0.0 ? static_cast<int>(std::floor(std::log10(rate))) : 0;
  const double unit = std::pow(10.0, exponent);
  return printed("%.2fe%d ± %.2fe%d", rate / unit, exponent, sd / unit, exponent);
}

/// The columns that only networks have; of the ratios those that a row has.
class NetworkColumns {
 public:
  explicit NetworkColumns(const std::vector<BenchRow>& rows) {
    for (const BenchRow& row : rows) {
      has_networks_ |= row.gflops > 0.0;
      has_torch_ |= row.ratio_to_torch > 0.0;
      has_intra_op_ |= row.ratio_to_torch_intra_op > 0.0;
      width_ = std::max(width_, std::string(backend_name(row.backend)).size());
      has_bf16_ |= row.precision == samplers::kBfloat16Name;
    }
  }

  std::string head() const {
    if (!has_networks_) return "";
    std::string text = "  " + padded_left("backend", width_);
    if (has_bf16_) text += printed(" %9s", "precision");
    text += printed(" %8s %8s", "GFLOP/s", "of peak");
    if (has_torch_) text += printed(" %8s", "x torch");
    if (has_intra_op_) text += printed(" %16s", "x torch-intra-op");
    return text;
  }

  std::string cells(const BenchRow& row, const Machine& machine) const {
    if (row.gflops == 0.0) return "";
    std::string text = "  " + padded_left(backend_name(row.backend), width_);
    if (has_bf16_) text += printed(" %9s", row.precision);
    text += printed(" %8.4g %7.0f%%", row.gflops, 100.0 * samplers::peak_fraction(row, machine));
    if (has_torch_) text += printed(" %8.2f", row.ratio_to_torch);
    if (has_intra_op_) text += printed(" %16.2f", row.ratio_to_torch_intra_op);
    return text;
  }

  std::string foot() const {
    if (!has_networks_) return "";
    std::string text =
        "GFLOP/s count the products of dense convolutions, forwards and backwards, as if padding "
        "were multiplied too\n";
    if (has_torch_) {
      text += "torch: groups of 32 chains side by side, one thread inside an operation\n";
    }
    if (has_intra_op_) {
      text += "torch-intra-op: all chains at once, all threads inside an operation\n";
    }
    return text;
  }

 private:
  bool has_networks_ = false, has_torch_ = false, has_intra_op_ = false, has_bf16_ = false;
  std::size_t width_ = 8;
};

std::string machine_text(const Machine& machine) {
  std::string text = printed("%-9s %s, %d cores, %.1f GB\n", "cpu", machine.cpu, machine.n_cores,
                             static_cast<double>(machine.memory_bytes) * 1e-9) +
                     printed("%-9s %s\n", "simd", machine.simd);
  for (const auto& [threads, peak] : machine.fma_peak_gflops) {
    text += printed("%-9s %.4g GFLOP/s in float32 on %d thread%s\n", "fma peak", peak, threads,
                    threads == 1 ? "" : "s");
  }
  for (const auto& [threads, peak] : machine.bf16_peak_gflops) {
    text += printed("%-9s %.4g GFLOP/s in bfloat16 by %s on %d thread%s\n", "bf16 peak", peak,
                    machine.bf16_unit, threads, threads == 1 ? "" : "s");
  }
  return text;
}

}  // namespace

std::string throughput_table(const Machine& machine, const std::vector<BenchRow>& rows) {
  std::size_t energy_width = 6, sampler_width = 7;
  for (const BenchRow& row : rows) {
    energy_width = std::max(energy_width, row.energy.size());
    sampler_width = std::max(sampler_width, samplers::sampler_name(row.sampler).size());
  }
  const NetworkColumns network_columns(rows);
  std::string text = machine_text(machine) + "\n" + padded_right("energy", energy_width) +
                     printed(" %8s  ", "dim") + padded_right("sampler", sampler_width) +
                     printed(" %9s %9s %7s %18s %12s %10s", "n", "steps", "threads",
                             "chain-steps/s", "gradients/s", "ms") +
                     network_columns.head() + "\n";
  for (const BenchRow& row : rows) {
    text += padded_right(row.energy, energy_width) +
            printed(" %8lld  ", static_cast<long long>(row.dim)) +
            padded_right(samplers::sampler_name(row.sampler), sampler_width);
    // ± is two bytes but one column.
    text += printed(" %9lld %9lld %7d %19s %12.3g %10.4g", static_cast<long long>(row.n_chains),
                    static_cast<long long>(row.n_steps), row.n_threads,
                    rate_text(row.chain_steps_per_s, row.chain_steps_per_s_sd), row.gradients_per_s,
                    row.ms);
    text += network_columns.cells(row, machine) + "\n";
  }
  return text + network_columns.foot();
}

}  // namespace ebm::evaluation
