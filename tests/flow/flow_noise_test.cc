#include "flow/flow_noise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/flow/example_flows.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::flow {
namespace {

constexpr std::int64_t kRows = 64;

double mean_log_density(const training::NoiseDistribution& noise, const std::vector<float>& rows) {
  std::vector<float> values(kRows);
  noise.log_density(rows, values);
  double sum = 0.0;
  for (const float value : values) sum += double{value};
  return sum / double{kRows};
}

/// Climbs the given weight of each row of N((2, −1), 0.25·I) for 40 steps.
/// @return by how much their mean ln p rose
double climb(float weight) {
  torch_nets::use_one_intraop_thread();
  const auto x = (0.5 * normal_rows(kRows, 2) + torch::tensor({2.0f, -1.0f})).contiguous();
  const std::vector<float> rows(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
  const auto noise = flow_noise(bent_plane(), "points", 2);
  const double before = mean_log_density(*noise, rows);
  for (std::int64_t i = 0; i < 40; ++i) {
    noise->ascend(rows, std::vector<float>(kRows, weight / float{kRows}), 1e-2, i,
                  {.seed = 1, .domain = base::Domain::kNoiseDraw});
  }
  return mean_log_density(*noise, rows) - before;
}

TEST(FlowNoiseTest, AscendClimbsWhatHasAPositiveWeight) {
  EXPECT_GT(climb(1.0f), 1.0);
  EXPECT_LT(climb(-1.0f), -1.0);
}

TEST(FlowNoiseTest, AStepIsUndoneByAFreshStart) {
  const auto x = normal_rows(kRows, 2);
  const std::vector<float> rows(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
  const auto noise = flow_noise(bent_plane(), "points", 1);
  const double before = mean_log_density(*noise, rows);
  noise->ascend(rows, std::vector<float>(kRows, 1.0f), 1e-2, 0,
                {.seed = 1, .domain = base::Domain::kNoiseDraw});
  EXPECT_NE(mean_log_density(*noise, rows), before);
  noise->start_afresh();
  EXPECT_EQ(mean_log_density(*noise, rows), before);
}

}  // namespace
}  // namespace ebm::flow
