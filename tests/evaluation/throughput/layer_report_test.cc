#include "evaluation/throughput/layer_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ebm::evaluation {
namespace {

samplers::Machine layer_machine() {
  return {.cpu = "A CPU",
          .n_cores = 2,
          .simd = "AVX2",
          .memory_bytes = 0,
          .fma_peak_gflops = {{1, 50.0}},
          .version = "1.2.3"};
}

/// 1 MFLOP each way in 100 and 200 us, at 10 and 5 GFLOP/s; a pooling that multiplies nothing.
std::vector<NetworkLayers> layers() {
  return {{"net",
           "f32",
           {{.name = "linear, 8 -> 4",
             .flops = 1e6,
             .forward_seconds = 100e-6,
             .backward_seconds = 200e-6},
            {.name = "pool", .flops = 0.0, .forward_seconds = 60e-6, .backward_seconds = 40e-6}}}};
}

TEST(LayerReportTest, ATableGivesSharesOfTimeAndOfThePeak) {
  EXPECT_EQ(layers_table(layer_machine(), layers()),
            "A CPU, AVX2, FMA peak 50 GFLOP/s on one thread; 16 chains\n"
            "\n"
            "net, f32       forward us  share  of peak backward us  share  of peak\n"
            "linear, 8 -> 4        100  25.0%      20%        200  50.0%      10%\n"
            "pool                   60  15.0%                  40  10.0%         \n"
            "both ways             400 us, 10% of peak\n");
}

TEST(LayerReportTest, ADocumentHasARowForEachLayer) {
  const nlohmann::json document = layers_json(layer_machine(), layers());
  EXPECT_EQ(document["machine"]["version"], "1.2.3");
  EXPECT_EQ(document["machine"]["fma_peak_gflops"], 50.0);
  EXPECT_EQ(document["chains"], 16);
  ASSERT_EQ(document["rows"].size(), 2u);
  const auto& row = document["rows"][0];
  EXPECT_EQ(row["layer"], "linear, 8 -> 4");
  EXPECT_DOUBLE_EQ(row["forward_us"].get<double>(), 100.0);
  EXPECT_DOUBLE_EQ(row["forward_peak_fraction"].get<double>(), 0.2);
  EXPECT_DOUBLE_EQ(row["backward_peak_fraction"].get<double>(), 0.1);
  EXPECT_EQ(document["rows"][1]["forward_peak_fraction"], 0.0);
}

TEST(LayerReportTest, Bfloat16IsAFractionOfItsOwnPeak) {
  samplers::Machine with_bf16 = layer_machine();
  with_bf16.bf16_unit = "AVX512_BF16";
  with_bf16.bf16_peak_gflops = {{1, 100.0}};
  auto nets = layers();
  nets[0].precision = "bf16";
  const nlohmann::json document = layers_json(with_bf16, nets);
  EXPECT_EQ(document["machine"]["bf16_unit"], "AVX512_BF16");
  EXPECT_DOUBLE_EQ(document["rows"][0]["forward_peak_fraction"].get<double>(), 0.1);
  EXPECT_NE(layers_table(with_bf16, nets).find("bf16 by AVX512_BF16, peak 100 GFLOP/s"),
            std::string::npos);
}

TEST(LayerReportTest, CsvQuotesTheNamesOfLayers) {
  EXPECT_EQ(layers_csv(layer_machine(), layers()),
            "net,precision,layer,flops,forward_us,backward_us,cpu,cores,simd,version\n"
            "net,f32,\"linear, 8 -> 4\",1000000,100,200,\"A CPU\",2,AVX2,1.2.3\n"
            "net,f32,\"pool\",0,60,40,\"A CPU\",2,AVX2,1.2.3\n");
}

}  // namespace
}  // namespace ebm::evaluation
