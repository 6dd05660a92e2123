#include "flow/flow_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ebm::flow {
namespace {

TEST(FlowReportTest, BitsAndTheBoundOfASeriesAreSaidWhereTheyAreKnown) {
  DensitySummary summary{.n = 20, .nats = -1.5, .se = 0.25};
  const FlowScoreOptions options{.terms = 7};
  const DensityReport report{summary, options, "toy:rings", 2, ""};
  EXPECT_EQ(density_text(report), "20 items of toy:rings: mean log-density -1.5 nats (SE 0.25)\n");
  EXPECT_EQ(density_json(report),
            (nlohmann::json{
                {"n", 20}, {"log_density", -1.5}, {"log_density_se", 0.25}, {"log_det", "exact"}}));
  summary.bits = 3.25;
  summary.bound = 0.5;
  summary.log_det = LogDet::kSeries;
  const DensityReport full{summary, options, "images", 2, "x.csv"};
  // 0.25 nats of an item are 0.25/(2·ln 2) bits per dimension.
  EXPECT_EQ(density_text(full),
            "20 items of images: mean log-density -1.5 nats (SE 0.25), 3.2500 bits per dimension "
            "(SE 0.18)\nthe series of 7 terms may be off by at most 0.5 nats a dimension\n"
            "-ln p of each is in x.csv\n");
  const nlohmann::json document = density_json(full);
  EXPECT_EQ(document["bits_per_dim"], 3.25);
  EXPECT_EQ(document["truncation_bound"], 0.5);
  EXPECT_EQ(document["log_det"], "series");
  EXPECT_EQ(document["out"], "x.csv");
}

TEST(FlowReportTest, ARoundTripHasALineForEachBlock) {
  const RoundTrip trip{
      .max_error = 1e-6,
      .rms_error = 2e-7,
      .blocks = {{.lipschitz = 0.5, .bound_iterations = 30, .iterations = 9, .error_bound = 1e-8}}};
  EXPECT_EQ(round_trip_text(trip, 8, "toy:rings", "double"),
            "block  Lipschitz  bound: steps  steps made   error bound\n"
            "    0     0.5000            30           9         1e-08\n"
            "8 items of toy:rings there and back in double precision: largest error 1e-06, rms "
            "2e-07\n");
  const nlohmann::json document = round_trip_json(trip, 8);
  EXPECT_EQ(document["n"], 8);
  EXPECT_EQ(document["blocks"][0]["bound_iterations"], 30);
  EXPECT_EQ(document["max_error"], 1e-6);
}

}  // namespace
}  // namespace ebm::flow
