#include "evaluation/throughput/throughput_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluation/throughput/machine_report.h"
#include "evaluation/throughput/throughput_table.h"

namespace ebm::evaluation {
namespace {

using samplers::BenchBackend;
using samplers::BenchRow;
using samplers::Machine;

Machine bench_machine() {
  return {.cpu = "A \"fast\" CPU",
          .n_cores = 2,
          .simd = "AVX2",
          .memory_bytes = 8'000'000'000,
          .fma_peak_gflops = {{1, 50.0}, {2, 100.0}},
          .version = "1.2.3"};
}

BenchRow toy() {
  return {.energy = "toy:rings",
          .sampler = samplers::SamplerKind::kHmc,
          .backend = BenchBackend::kAnalytic,
          .precision = "f32",
          .dim = 2,
          .n_chains = 100,
          .n_steps = 5,
          .n_threads = 1,
          .repetitions = 3,
          .chain_steps_per_s = 1.25e6,
          .chain_steps_per_s_min = 1.0e6,
          .chain_steps_per_s_max = 1.5e6,
          .chain_steps_per_s_sd = 2.5e5,
          .gradients_per_s = 5e6,
          .ms = 0.5,
          .gflops = 0.0};
}

BenchRow network(BenchBackend backend) {
  BenchRow row = toy();
  row.energy = "mlp";
  row.sampler = samplers::SamplerKind::kLangevin;
  row.backend = backend;
  row.n_threads = 2;
  row.gflops = 25.0;
  return row;
}

std::vector<std::string> bench_lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

TEST(ThroughputReportTest, ADocumentSaysWhatRanAndWhere) {
  BenchRow fast = network(BenchBackend::kCompiled);
  fast.ratio_to_torch = 2.5;
  const nlohmann::json document = throughput_json(bench_machine(), {toy(), fast});
  EXPECT_EQ(document["machine"]["version"], "1.2.3");
  EXPECT_EQ(document["machine"]["fma_peak_gflops"]["2"], 100.0);
  EXPECT_FALSE(document["machine"].contains("bf16_unit"));
  const auto& rows = document["rows"];
  EXPECT_EQ(rows[0]["energy"], "toy:rings");
  EXPECT_FALSE(rows[0].contains("gflops"));
  EXPECT_EQ(rows[1]["net"], "mlp");
  EXPECT_EQ(rows[1]["backend"], "compiled");
  EXPECT_DOUBLE_EQ(rows[1]["peak_fraction"].get<double>(), 0.25);  // of two threads
  EXPECT_EQ(rows[1]["ratio_to_torch"], 2.5);
  EXPECT_FALSE(rows[1].contains("ratio_to_torch_intra_op"));
}

TEST(ThroughputReportTest, NumbersInBfloat16AreAFractionOfTheirUnit) {
  Machine with_bf16 = bench_machine();
  with_bf16.bf16_unit = "AVX512_BF16";
  with_bf16.bf16_peak_gflops = {{2, 200.0}};
  BenchRow row = network(BenchBackend::kCompiled);
  row.precision = "bf16";
  const nlohmann::json document = throughput_json(with_bf16, {row});
  EXPECT_EQ(document["machine"]["bf16_unit"], "AVX512_BF16");
  EXPECT_DOUBLE_EQ(document["rows"][0]["peak_fraction"].get<double>(), 0.125);
  EXPECT_NE(throughput_table(with_bf16, {row})
                .find("bf16 peak 200 GFLOP/s in bfloat16 by AVX512_BF16 on 2 threads\n"),
            std::string::npos);
}

TEST(ThroughputReportTest, EveryLineOfCsvHasEveryColumn) {
  const auto lines =
      bench_lines(throughput_csv(bench_machine(), {toy(), network(BenchBackend::kCompiled)}));
  ASSERT_EQ(lines.size(), 4u);  // with the empty one behind the last line end
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(std::count(lines[i].begin(), lines[i].end(), ','), 20) << lines[i];
  }
  EXPECT_EQ(lines[1],
            "\"toy:rings\",2,hmc,100,5,1,analytic,3,1.25e+06,1e+06,1.5e+06,250000,5e+06,0.5,,,,"
            "\"A \"\"fast\"\" CPU\",2,AVX2,1.2.3");
  EXPECT_NE(lines[2].find(",25,0.25,f32,"), std::string::npos);
}

TEST(ThroughputTableTest, AToyHasNoColumnsOfNetworks) {
  EXPECT_EQ(
      throughput_table(bench_machine(), {toy()}),
      "cpu       A \"fast\" CPU, 2 cores, 8.0 GB\n"
      "simd      AVX2\n"
      "fma peak  50 GFLOP/s in float32 on 1 thread\n"
      "fma peak  100 GFLOP/s in float32 on 2 threads\n"
      "\n"
      "energy         dim  sampler         n     steps threads      chain-steps/s  gradients/s    "
      "     ms\n"
      "toy:rings        2  hmc           100         5       1    1.25e6 ± 0.25e6        5e+06    "
      "    0.5\n");
}

TEST(ThroughputTableTest, NetworksHaveTheirShareOfThePeakAndTheirRatios) {
  BenchRow fast = network(BenchBackend::kCompiled), slow = network(BenchBackend::kTorchIntraOp);
  fast.ratio_to_torch_intra_op = 2.5;
  slow.ratio_to_torch_intra_op = 1.0;
  const std::string text = throughput_table(bench_machine(), {fast, slow});
  const auto lines = bench_lines(text);
  EXPECT_TRUE(lines[5].ends_with("  ms         backend  GFLOP/s  of peak x torch-intra-op"))
      << lines[5];
  EXPECT_TRUE(lines[6].ends_with("        compiled       25      25%             2.50"))
      << lines[6];
  EXPECT_TRUE(lines[7].ends_with("  torch-intra-op       25      25%             1.00"))
      << lines[7];
  EXPECT_EQ(lines[5].size(), lines[6].size() - 1);  // ± is two bytes
  EXPECT_NE(text.find("\ntorch-intra-op: all chains at once"), std::string::npos);
  EXPECT_EQ(text.find("\ntorch: "), std::string::npos);
}

TEST(MachineReportTest, TextInCsvIsQuoted) {
  EXPECT_EQ(csv_quoted("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_quoted("1\" disk"), "\"1\"\" disk\"");
}

}  // namespace
}  // namespace ebm::evaluation
