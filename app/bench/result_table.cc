#include "app/bench/result_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "base/names/choice.h"

namespace ebm::app {
namespace {

using samplers::BenchRow;
using samplers::Machine;

const char* name_of(samplers::BenchBackend backend) {
  return base::name_of("backend", samplers::kBenchBackends, backend);
}

/// "1.14e9 ± 0.02e9": both in units of one power of ten.
std::string rate_text(double rate, double sd) {
  const int exponent = rate > 0.0 ? static_cast<int>(std::floor(std::log10(rate))) : 0;
  const double unit = std::pow(10.0, exponent);
  char text[64];
  std::snprintf(text, sizeof text, "%.2fe%d ± %.2fe%d", rate / unit, exponent, sd / unit, exponent);
  return text;
}

/// The columns that only networks have; of the ratios those that a row has.
class NetColumns {
 public:
  explicit NetColumns(const std::vector<BenchRow>& rows) {
    for (const BenchRow& row : rows) {
      has_nets_ |= row.gflops > 0.0;
      has_torch_ |= row.ratio_to_torch > 0.0;
      has_intra_op_ |= row.ratio_to_torch_intra_op > 0.0;
      width_ = std::max(width_, static_cast<int>(std::strlen(name_of(row.backend))));
      has_bf16_ |= row.precision == samplers::kBfloat16Name;
    }
  }
  void print_head() const {
    if (!has_nets_) return;
    std::printf("  %*s", width_, "backend");
    if (has_bf16_) std::printf(" %9s", "precision");
    std::printf(" %8s %8s", "GFLOP/s", "of peak");
    if (has_torch_) std::printf(" %8s", "x torch");
    if (has_intra_op_) std::printf(" %16s", "x torch-intra-op");
  }
  void print_cells(const BenchRow& row, const Machine& machine) const {
    if (row.gflops == 0.0) return;
    std::printf("  %*s", width_, name_of(row.backend));
    if (has_bf16_) std::printf(" %9s", row.precision.c_str());
    std::printf(" %8.4g %7.0f%%", row.gflops, 100.0 * samplers::peak_fraction(row, machine));
    if (has_torch_) std::printf(" %8.2f", row.ratio_to_torch);
    if (has_intra_op_) std::printf(" %16.2f", row.ratio_to_torch_intra_op);
  }
  void print_foot() const {
    if (!has_nets_) return;
    std::printf(
        "GFLOP/s count the products of dense convolutions, forwards and backwards, as if padding "
        "were multiplied too\n");
    if (has_torch_) {
      std::printf("torch: groups of 32 chains side by side, one thread inside an operation\n");
    }
    if (has_intra_op_) {
      std::printf("torch-intra-op: all chains at once, all threads inside an operation\n");
    }
  }

 private:
  bool has_nets_ = false, has_torch_ = false, has_intra_op_ = false, has_bf16_ = false;
  int width_ = 8;
};

}  // namespace

void print_bench_table(const Machine& machine, const std::vector<BenchRow>& rows) {
  std::printf("%-9s %s, %d cores, %.1f GB\n", "cpu", machine.cpu.c_str(), machine.n_cores,
              static_cast<double>(machine.memory_bytes) * 1e-9);
  std::printf("%-9s %s\n", "simd", machine.simd.c_str());
  for (const auto& [threads, peak] : machine.fma_peak_gflops) {
    std::printf("%-9s %.4g GFLOP/s in float32 on %d thread%s\n", "fma peak", peak, threads,
                threads == 1 ? "" : "s");
  }
  for (const auto& [threads, peak] : machine.bf16_peak_gflops) {
    std::printf("%-9s %.4g GFLOP/s in bfloat16 by %s on %d thread%s\n", "bf16 peak", peak,
                machine.bf16_unit.c_str(), threads, threads == 1 ? "" : "s");
  }
  std::size_t energy_width = 6, sampler_width = 7;
  for (const BenchRow& row : rows) {
    energy_width = std::max(energy_width, row.energy.size());
    sampler_width = std::max(sampler_width, samplers::sampler_name(row.sampler).size());
  }
  const int e = static_cast<int>(energy_width), s = static_cast<int>(sampler_width);
  const NetColumns net_columns(rows);
  std::printf("\n%-*s %8s  %-*s %9s %9s %7s %18s %12s %10s", e, "energy", "dim", s, "sampler", "n",
              "steps", "threads", "chain-steps/s", "gradients/s", "ms");
  net_columns.print_head();
  std::printf("\n");
  for (const BenchRow& row : rows) {
    // ± is two bytes but one column.
    std::printf("%-*s %8lld  %-*s %9lld %9lld %7d %19s %12.3g %10.4g", e, row.energy.c_str(),
                static_cast<long long>(row.dim), s, samplers::sampler_name(row.sampler).c_str(),
                static_cast<long long>(row.n_chains), static_cast<long long>(row.n_steps),
                row.n_threads, rate_text(row.chain_steps_per_s, row.chain_steps_per_s_sd).c_str(),
                row.gradients_per_s, row.ms);
    net_columns.print_cells(row, machine);
    std::printf("\n");
  }
  net_columns.print_foot();
}

}  // namespace ebm::app
