#include "ebm/objectives/sliced_score_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "nets/architecture/with_classes.h"
#include "tests/ebm/objectives/score_matching_case.h"

namespace ebm {
namespace {

class SlicedScoreMatchingTest : public ScoreMatchingCase {
 protected:
  SlicedScoreMatchingTest() : ScoreMatchingCase(ObjectiveKind::kSlicedScoreMatching) {}
};

// E = ‖x − m‖²/(2s²) has −d/(2s²), the least loss, on average; and a slope of (x − m)/s².
TEST_F(SlicedScoreMatchingTest, ReachesTheLeastLossAndTheSlopesOfAGaussian) {
  const auto net = trained();
  constexpr std::size_t kRows = 20000;
  constexpr double kVariance = kGaussianSd * kGaussianSd;
  base::RandomStream random({.seed = 22}, 0);
  std::vector<float> x, v;
  double exact = 0.0;
  for (std::size_t i = 0; i < 2 * kRows; ++i) {
    const double off = kGaussianSd * random.next_normal(), direction = random.next_normal();
    x.push_back(static_cast<float>(kGaussianMean[i % 2] + off));
    v.push_back(static_cast<float>(direction));
    exact += (0.5 * off * off / kVariance - direction * direction) / kVariance / kRows;
  }
  EXPECT_NEAR(exact, -1.0 / kVariance, 0.1);  // d = 2
  const ObjectiveStep found = sliced_score_matching(*net, x, v);
  EXPECT_NEAR((found.loss - exact) * kVariance, 0.0, 2e-3);
  double error = 0.0;
  const auto slopes = net->energy_gradients(x).energy_grads;
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const double right = (double{x[i]} - kGaussianMean[i % 2]) / kVariance;
    error += std::pow((double{slopes[i]} - right) * kGaussianSd, 2) / (2.0 * kRows);
  }
  // Of a fit to a sample of N, and so 1/N: 1.1e-3 with 60,000 items, however long it is trained,
  // 4e-4 with ten times as many.
  EXPECT_LT(error, 1e-3);
}

TEST_F(SlicedScoreMatchingTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  expect_same_bits();
}

TEST_F(SlicedScoreMatchingTest, NetworksThatDoNotFitAreRefused) {
  const auto expect = [](const std::string& found, const std::string& part) {
    EXPECT_NE(found.find(part), std::string::npos) << found;
  };
  expect(refusal_of(nets::preset("mlp", {2, 1, 1})),
         "objective = ssm: needs a network without kinks");
  nets::Architecture elu = nets::preset("mlp-silu", {2, 1, 1});
  for (nets::Layer& layer : elu.layers) {
    if (auto* activation = std::get_if<nets::Activation>(&layer.op)) {
      *activation = {nets::ActivationKind::kElu, 1.0};
    }
  }
  expect(refusal_of(elu), "objective = ssm: needs a network whose second derivatives do not jump");
  const nets::Architecture distance{
      .name = "distance",
      .input = {2, 1, 1},
      .layers = {nets::Conv2d{.out_channels = 2}, nets::Activation{},
                 nets::Conv2d{.out_channels = 2}, nets::InputEnergy{}}};
  expect(refusal_of(distance),
         "objective = ssm: needs a network without inner_product and squared_distance");
}

TEST(SlicedScoreMatchingOptionsTest, KeysOfNoiseAreRefused) {
  EXPECT_EQ(refusal_of_keys("ssm", {}), "");
  EXPECT_TRUE(refusal_of_keys("ssm", {"noise_sd=0.5"}).starts_with("noise_sd = 0.5"));
}

}  // namespace
}  // namespace ebm
