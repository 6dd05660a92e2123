#include "nets/architecture/condition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nets/architecture/initial_values.h"
#include "tests/nets/difference_quotient.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

/// 3x4x4 -> film -> flat -> the layers `end`.
Architecture conditional(std::int64_t classes, bool noise_level, std::vector<Layer> end) {
  Architecture net{.name = "net",
                   .input = {3, 4, 4},
                   .layers = {Film{noise_level ? 5 : Film().hidden}, Flatten{}},
                   .classes = classes,
                   .noise_level = noise_level};
  net.layers.insert(net.layers.end(), end.begin(), end.end());
  return net;
}

using Named = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

Named named(const Architecture& net) {
  Named result;
  for (const Parameter& parameter : parameters(net)) {
    EXPECT_TRUE(parameter.trainable());
    result.emplace_back(parameter.name, parameter.shape);
  }
  return result;
}

TEST(ConditionTest, ParametersAreNamedAsInPyTorch) {
  EXPECT_EQ(named(conditional(10, false, {Projection{}})), (Named{{"0.class_scale.weight", {11, 3}},
                                                                  {"0.class_shift.weight", {11, 3}},
                                                                  {"2.weight", {1, 48}},
                                                                  {"2.bias", {1}},
                                                                  {"2.embed.weight", {11, 48}}}));
  EXPECT_EQ(named(conditional(2, true, {Linear{2}, ClassLogits{}})),
            (Named{{"0.class_scale.weight", {3, 3}},
                   {"0.class_shift.weight", {3, 3}},
                   {"0.level.0.weight", {5, 12}},
                   {"0.level.0.bias", {5}},
                   {"0.level.2.weight", {6, 5}},
                   {"0.level.2.bias", {6}},
                   {"2.weight", {2, 48}},
                   {"2.bias", {2}}}));
  EXPECT_EQ(named(conditional(0, true, {Linear{}}))[0].first, "0.level.0.weight");
}

TEST(ConditionTest, SlopesOfLevelFeaturesAreTheirDerivatives) {
  for (const float sigma : {0.01f, 0.3f, 1.0f, 7.0f}) {
    const auto features_at = [&](double shift) {
      return level_features(static_cast<float>(double{sigma} * std::exp(shift)));
    };
    const auto slopes = level_feature_slopes(sigma);
    const auto quotients = difference_quotients(features_at, 0.02);
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      // Rounding of σ, 2⁻²⁴ times ω = 8 at most, and of the features, 2⁻²⁵, by all weights, 110/60;
      // ω⁷h⁶/140 = 1e-6 beside that.
      EXPECT_NEAR(slopes[i], quotients[i], 5e-5) << i;
    }
  }
}

TEST(ConditionTest, FilmsAndTablesStartAsIfThereWereNone) {
  const auto all = parameters(conditional(10, true, {Projection{}}));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& name = all[i].name;
    const bool is_zero = name.find("class_") != name.npos || name.find("embed") != name.npos ||
                         name.find("level.2") != name.npos;
    for (const float value : initial_values(all[i], i, 1)) {
      EXPECT_EQ(value == 0.0f, is_zero) << name;
    }
  }
}

TEST(ConditionTest, MultiplyAddsAreThoseOfTheLevelsNetworkAndTheProjection) {
  const std::int64_t level = 12 * 5 + 5 * 6;
  EXPECT_EQ(multiply_adds(conditional(10, true, {Projection{}})), level + 2 * 48);
  EXPECT_EQ(multiply_adds(conditional(10, false, {Linear{}})), 48);
}

TEST(ConditionTest, AContextHasANumberForEachCondition) {
  EXPECT_EQ(context_dim(conditional(0, false, {})), 0);
  EXPECT_EQ(context_dim(conditional(3, false, {})), 1);
  EXPECT_EQ(context_dim(conditional(0, true, {})), 1);
  EXPECT_EQ(context_dim(conditional(3, true, {})), 2);
}

TEST(ConditionTest, ALayerNeedsTheConditionThatItReads) {
  const auto refuse = [](const Architecture& net, const std::string& part) {
    expect_error(ErrorCode::kShape, part, [&] { validate(net); });
  };
  refuse(conditional(0, false, {Linear{}}),
         "layer 0 (film): reads a label or a noise level, but the network has neither");
  refuse(conditional(0, true, {Projection{}}),
         "layer 2 (projection): reads a label, but the network has none");
  refuse(conditional(0, true, {Linear{2}, ClassLogits{}}), "layer 3 (class_logits): reads a label");
  refuse(conditional(3, false, {Linear{2}, ClassLogits{}}),
         "layer 3 (class_logits): the input is 2x1x1, but the network has 3 classes");
  refuse({"", {2, 1, 1}, {Residual{{Film{}}, {}}, Linear{}}},
         "layer 0 (residual).body.0 (film): reads");
  refuse({"", {1, 4, 4}, {Projection{}}, 3}, "layer 0 (projection): the input is 1x4x4, but");
  refuse({"", {1, 1, 1}, {Film{0}}, 3}, "layer 0 (film): hidden is 0");
  refuse({"", {1, 1, 1}, {Film{8}}, 3},
         "layer 0 (film): hidden is 8, but only a noise level needs it, which the network has not");
}

TEST(ConditionTest, AConditionIsReadByALayer) {
  const auto refuse = [](const Architecture& net, const std::string& part) {
    expect_error(ErrorCode::kShape, part, [&] { validate(net); });
    EXPECT_NO_THROW(infer_shapes(net));
  };
  refuse({"", {2, 1, 1}, {Linear{}}, 3, false}, "the network has classes that no layer reads");
  refuse({"", {2, 1, 1}, {Projection{}}, 3, true}, "a noise level that no layer reads");
  EXPECT_NO_THROW(validate({"", {2, 1, 1}, {Residual{{}, {Film{}}}, Linear{}}, 3, true}));
}

TEST(ConditionTest, HugeTablesAreErrorsAndNotOverflow) {
  const auto refuse = [](const Architecture& net, const std::string& part) {
    expect_error(ErrorCode::kShape, part, [&] { validate(net); });
  };
  refuse({"", {1, 1, 1}, {Projection{}}, kMaxClasses + 1}, "classes is 16777217, must be");
  refuse({"", {1, 1, 1}, {Projection{}}, -1}, "classes is -1");
  refuse({"", {1 << 20, 1, 1}, {Projection{}}, kMaxClasses}, "the table of classes has more than");
  refuse({"", {1 << 20, 1, 1}, {Film{1 << 20}, Linear{}}, 1, true},
         "the weight has more than 2^40");
}

TEST(ConditionTest, LevelFeaturesAreSinesAndCosinesOfTheLogarithm) {
  const auto features = level_features(3.0f);
  const double log_level = std::log(3.0);
  const double first = 0.25, last = 8.0;
  EXPECT_FLOAT_EQ(features[0], static_cast<float>(std::sin(first * log_level)));
  EXPECT_FLOAT_EQ(features[5], static_cast<float>(std::sin(last * log_level)));
  EXPECT_FLOAT_EQ(features[6], static_cast<float>(std::cos(first * log_level)));
  EXPECT_FLOAT_EQ(features[11], static_cast<float>(std::cos(last * log_level)));
}

TEST(ConditionTest, TheNeutralContextIsNoClassAndTheNoiseLevelOne) {
  EXPECT_EQ(neutral_context(conditional(3, true, {Linear{}})), (std::vector<float>{3.0f, 1.0f}));
  EXPECT_EQ(neutral_context(conditional(3, false, {Linear{}})), std::vector<float>{3.0f});
  EXPECT_EQ(neutral_context(conditional(0, true, {Linear{}})), std::vector<float>{1.0f});
  EXPECT_TRUE(neutral_context(conditional(0, false, {Linear{}})).empty());
}

TEST(ConditionTest, AContextOutOfRangeIsNamed) {
  const auto net = conditional(3, true, {Linear{}});
  const auto refuse = [&](ErrorCode code, const std::vector<float>& context,
                          const std::string& part) {
    expect_error(code, part, [&] { require_context(net, context, 2); });
  };
  EXPECT_NO_THROW(require_context(net, std::vector<float>{0, 0.1f, 3, 1e-37f}, 2));
  refuse(ErrorCode::kShape, {},
         "the context of 2 items has 0 numbers, must have 2 for each: the "
         "network has 3 classes and a noise level");
  refuse(ErrorCode::kShape, {0, 1}, "has 2 numbers, must have 2 for each");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float label : {-1.0f, 4.0f, 0.5f, nan, INFINITY}) {
    refuse(ErrorCode::kUsage, {0, 1, label, 1}, "the label of item 1 is ");
  }
  for (const float sigma : {-1.0f, 0.0f, 1e-40f, nan, INFINITY}) {
    refuse(ErrorCode::kUsage, {0, sigma, 0, 1}, "the noise level of item 0 is ");
  }
  expect_error(ErrorCode::kShape, "network \"net\": a critic takes no classes",
               [&] { require_unconditional(net, "a critic"); });
  EXPECT_NO_THROW(require_unconditional(conditional(0, false, {}), "a critic"));
}

}  // namespace
}  // namespace ebm::nets
