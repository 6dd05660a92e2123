#include "flow/flow_score.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "flow/log_determinant.h"
#include "tests/flow/example_flows.h"
#include "tests/nets/expect_error.h"

namespace ebm::flow {
namespace {

const std::atomic<int> kNever{0};

std::vector<double> scores(const ResidualFlow& flow, const std::vector<float>& rows,
                           const FlowScoreOptions& options) {
  return *log_densities(flow, rows, options, kNever);
}

std::vector<float> rows_of_dim(std::int64_t n, std::int64_t dim) {
  const auto x = normal_rows(n, dim);
  return {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()};
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST(FlowScoreTest, SeriesAndRouletteMeetTheExactOne) {
  const ResidualFlow flow = bent_images().frozen(torch::kFloat64);
  const auto rows = rows_of_dim(16, 16);
  const double exact = mean_of(scores(flow, rows, {.log_det = LogDet::kExact}));
  double bound = 0.0;
  for (const double constant : flow.lipschitz_constants(200)) {
    bound += 16 * truncation_bound(constant, 20);
  }
  EXPECT_LT(bound, 0.02);
  for (const FlowScoreOptions& options :
       {FlowScoreOptions{.log_det = LogDet::kSeries, .terms = 20, .probes = 50},
        FlowScoreOptions{
            .log_det = LogDet::kRoulette, .terms = 4, .roulette = 0.8, .probes = 50}}) {
    // The error of 16·50 probes, from what eight seeds differ by.
    std::vector<double> found;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      FlowScoreOptions each = options;
      each.seed = seed;
      found.push_back(mean_of(scores(flow, rows, each)));
    }
    const double mean = mean_of(found);
    double variance = 0.0;
    for (const double each : found) variance += (each - mean) * (each - mean) / 7.0;
    const double se = std::sqrt(variance / 8.0);
    EXPECT_LT(se, 0.03);
    // 5.4 standard errors of seven degrees of freedom: a false alarm in 1000 seeds.
    EXPECT_NEAR(mean, exact, 5.4 * se + bound) << static_cast<int>(options.log_det);
  }
}

TEST(FlowScoreTest, ATruncatedSeriesIsOff) {
  const ResidualFlow flow = bent_plane().frozen(torch::kFloat64);
  const auto rows = rows_of_dim(40, 2);
  const double exact = mean_of(scores(flow, rows, {.log_det = LogDet::kExact}));
  const double one =
      mean_of(scores(flow, rows, {.log_det = LogDet::kSeries, .terms = 1, .probes = 500}));
  EXPECT_GT(std::abs(one - exact), 0.02);
}

TEST(FlowScoreTest, FewValuesAreExactByDefault) {
  EXPECT_EQ(FlowScoreOptions{}.log_det_of(16), LogDet::kExact);
  EXPECT_EQ(FlowScoreOptions{}.log_det_of(17), LogDet::kSeries);
  EXPECT_EQ(FlowScoreOptions{.log_det = LogDet::kRoulette}.log_det_of(2), LogDet::kRoulette);
  const ResidualFlow flow = bent_plane().frozen(torch::kFloat64);
  const auto rows = rows_of_dim(40, 2);
  EXPECT_EQ(scores(flow, rows, {}), scores(flow, rows, {.log_det = LogDet::kExact}));
}

TEST(FlowScoreTest, BitsDoNotDependOnThreads) {
  const ResidualFlow flow = bent_images().frozen(torch::kFloat32);
  const auto rows = rows_of_dim(150, 16);
  for (const LogDet log_det : {LogDet::kExact, LogDet::kSeries, LogDet::kRoulette}) {
    const auto one = scores(flow, rows, {.log_det = log_det, .terms = 3, .n_threads = 1});
    EXPECT_EQ(scores(flow, rows, {.log_det = log_det, .terms = 3, .n_threads = 3}), one);
  }
  const std::atomic<int> stop{2};
  EXPECT_FALSE(log_densities(flow, rows, {}, stop));
}

TEST(FlowScoreTest, OptionsOutOfRangeAreRefused) {
  nets::expect_error(ErrorCode::kUsage, "terms = 0",
                     [] { FlowScoreOptions{.terms = 0}.validate(); });
  nets::expect_error(ErrorCode::kUsage, "roulette = 1",
                     [] { FlowScoreOptions{.roulette = 1.0}.validate(); });
}

}  // namespace
}  // namespace ebm::flow
