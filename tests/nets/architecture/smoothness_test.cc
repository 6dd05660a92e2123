#include "nets/architecture/smoothness.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nets/architecture/presets.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

Architecture with(const Activation& activation) {
  return {"n", {2, 1, 1}, {Linear{4}, activation, Linear{}}};
}

TEST(SmoothnessTest, ActivationsWhoseDerivativeJumpsAreFound) {
  using Kind = ActivationKind;
  for (const Activation& smooth : {Activation{Kind::kSilu}, Activation{Kind::kTanh},
                                   Activation{Kind::kSoftplus, 2.0}, Activation{Kind::kElu, 1.0}}) {
    EXPECT_EQ(first_kink(with(smooth)), "");
  }
  EXPECT_EQ(first_kink(with({Kind::kRelu})), "layer 1 (relu)");
  EXPECT_EQ(first_kink(with({Kind::kLeakyRelu, 0.1})), "layer 1 (leaky_relu)");
  EXPECT_EQ(first_kink(with({Kind::kElu, 0.5})), "layer 1 (elu)");
}

TEST(SmoothnessTest, ActivationsWhoseSecondDerivativeJumpsAreFound) {
  using Kind = ActivationKind;
  for (const Activation& smooth :
       {Activation{Kind::kSilu}, Activation{Kind::kTanh}, Activation{Kind::kSoftplus, 2.0}}) {
    EXPECT_EQ(first_kink(with(smooth), Smoothness::kSecond), "");
  }
  EXPECT_EQ(first_kink(with({Kind::kElu, 1.0}), Smoothness::kSecond), "layer 1 (elu)");
  expect_error(ErrorCode::kUsage,
               "objective = x: needs a network whose second derivatives do not jump, as it fits "
               "them; layer 1 (elu) has such a jump",
               [] {
                 require_smooth(with({Kind::kElu, 1.0}), "objective = x", Smoothness::kSecond);
               });
  expect_error(ErrorCode::kUsage, "objective = x: needs a network without kinks",
               [] { require_smooth(with({Kind::kRelu}), "objective = x", Smoothness::kSecond); });
}

TEST(SmoothnessTest, BranchesOfResidualLayersAreLookedInto) {
  const Activation kink{ActivationKind::kRelu};
  const Architecture body{"", {2, 1, 1}, {Residual{{Linear{2}, kink}, {}}, Linear{}}};
  EXPECT_EQ(first_kink(body), "layer 0 (residual).body.1 (relu)");
  const Architecture shortcut{"", {2, 1, 1}, {Residual{{Linear{2}}, {Linear{2}, kink}}, Linear{}}};
  EXPECT_EQ(first_kink(shortcut), "layer 0 (residual).shortcut.1 (relu)");
}

TEST(SmoothnessTest, TheMessageNamesWhatNeedsItAndTheLayer) {
  EXPECT_NO_THROW(require_smooth(preset("uva", {1, 28, 28}), "objective = x"));
  EXPECT_NO_THROW(require_smooth(preset("mlp-silu", {2, 1, 1}), "objective = x"));
  expect_error(ErrorCode::kUsage,
               "objective = x: needs a network without kinks, as it fits gradients of the energy; "
               "layer 1 (leaky_relu) has one",
               [] {
                 require_smooth(preset("mlp", {2, 1, 1}), "objective = x");
               });
}

}  // namespace
}  // namespace ebm::nets
