#include "gan/objectives/objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::gan {
namespace {

ObjectiveKind kind_of(const std::string& name) {
  return base::value_of<ObjectiveKind>("objective", objective_choices(), name);
}

const std::vector<float> kReal{1.5f, -0.25f, 0.5f}, kFake{-0.5f, 2.0f, -1.75f};
const std::vector<float> kDistances{0.5f, 1.0f, 2.0f};

CriticOutputs outputs_of(const std::vector<float>& real, const std::vector<float>& fake) {
  return {real, fake, kDistances};
}

/// The gradients of a loss against its own difference quotients.
template <class Loss>
void expect_gradients(const std::string& name, const Loss& loss) {
  const OutputLoss found = loss(outputs_of(kReal, kFake));
  for (std::size_t i = 0; i < kReal.size(); ++i) {
    for (const bool is_real : {true, false}) {
      const auto value = [&](float shift) {
        std::vector<float> real = kReal, fake = kFake;
        (is_real ? real : fake)[i] += shift;
        return loss(outputs_of(real, fake)).value;
      };
      EXPECT_NEAR((is_real ? found.real : found.fake)[i],
                  (value(0x1p-10f) - value(-0x1p-10f)) * 512.0, 1e-6)
          << name << (is_real ? " real " : " fake ") << i;
    }
  }
}

TEST(ObjectiveTest, SomeConstrainTheGradientThemselves) {
  for (const char* name : {"ns", "hinge", "least-squares", "relativistic"}) {
    EXPECT_FALSE(make_objective(kind_of(name), {})->constrains_gradient()) << name;
  }
  for (const char* name : {"r1", "wgan", "wgan-gp", "wgan-div", "gan-qp", "energy"}) {
    EXPECT_TRUE(make_objective(kind_of(name), {})->constrains_gradient()) << name;
  }
}

TEST(ObjectiveTest, GradientsAreThoseOfTheValues) {
  for (const auto& [name, kind] : objective_choices()) {
    const auto objective = make_objective(kind, {});
    expect_gradients(std::string(name) + " critic",
                     [&](const CriticOutputs& d) { return objective->critic_loss(d); });
    expect_gradients(std::string(name) + " generator",
                     [&](const CriticOutputs& d) { return objective->generator_loss(d); });
    const auto penalty = objective->gradient_penalty();
    if (!penalty) continue;
    for (const double norm : {0.0, 0.5, 1.0, 2.0}) {
      EXPECT_NEAR(penalty->derivative(penalty->weight, norm),
                  (penalty->value(penalty->weight, norm + 1e-5) -
                   penalty->value(penalty->weight, norm - 1e-5)) /
                      2e-5,
                  1e-5)
          << name;
    }
  }
}

struct Values {
  const char* name;
  double critic, generator;
};

TEST(ObjectiveTest, ValuesAreTheirFormulas) {
  // One pair, d(x) = 1/2 and d(y) = −2, a distance of 1/2.
  const double ln_half = std::log1p(std::exp(-0.5)), ln_two = std::log1p(std::exp(-2.0));
  const double apart = std::log1p(std::exp(-2.5)), swapped = std::log1p(std::exp(2.5));
  const Values cases[] = {
      {"ns", ln_half + ln_two, 2.0 + ln_two},
      {"r1", ln_half + ln_two, 2.0 + ln_two},
      {"hinge", 0.5, 2.0},
      {"least-squares", 0.125 + 2.0, 4.5},
      {"relativistic", 2 * apart, 2 * swapped},
      {"wgan", -2.5, 2.0},
      {"wgan-gp", -2.5, 2.0},
      {"wgan-div", -2.5, 2.0},
      {"gan-qp", -2.5 + 6.25 / (2 * 10 * 0.5), 2.5},
      {"energy", -2.5, 2.0},
  };
  ASSERT_EQ(objective_choices().size(), std::size(cases));
  const std::vector<float> real{0.5f}, fake{-2.0f}, distances{0.5f};
  for (const Values& each : cases) {
    const auto objective = make_objective(kind_of(each.name), {});
    EXPECT_NEAR(objective->critic_loss({real, fake, distances}).value, each.critic, 1e-12)
        << each.name;
    EXPECT_NEAR(objective->generator_loss({real, fake, distances}).value, each.generator, 1e-12)
        << each.name;
  }
}

TEST(ObjectiveTest, GradientPenaltiesAreTheirFormulas) {
  const auto value = [](const std::string& name, double norm, GradientPenalty::At at) {
    const auto penalty = make_objective(kind_of(name), {})->gradient_penalty();
    EXPECT_TRUE(penalty.has_value());
    EXPECT_EQ(penalty->at, at) << name;
    return penalty->value(penalty->weight, norm);
  };
  EXPECT_DOUBLE_EQ(value("r1", 2.0, GradientPenalty::At::kReal), 5.0 * 4.0);  // γ = 10
  EXPECT_DOUBLE_EQ(value("wgan-gp", 3.0, GradientPenalty::At::kBetween), 10.0 * 4.0);
  EXPECT_DOUBLE_EQ(value("wgan-div", 2.0, GradientPenalty::At::kBetween), 2.0 * 64.0);
  EXPECT_DOUBLE_EQ(value("energy", 2.0, GradientPenalty::At::kReal), 4.0);
  EXPECT_FALSE(make_objective(kind_of("ns"), {})->gradient_penalty().has_value());
  EXPECT_EQ(make_objective(kind_of("wgan"), {.penalty = {}, .clip = 0.5})->weight_clip(), 0.5);
  EXPECT_TRUE(std::isinf(make_objective(kind_of("wgan-gp"), {})->weight_clip()));
  EXPECT_TRUE(make_objective(kind_of("gan-qp"), {})->wants_distances());
}

TEST(ObjectiveTest, RefusesWhatIsWrong) {
  const auto message = [](const std::string& name, const ObjectiveOptions& options) -> std::string {
    try {
      make_objective(kind_of(name), options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(message("minimax", {}),
            "objective = minimax: must be one of ns, r1, hinge, least-squares, relativistic, wgan, "
            "wgan-gp, wgan-div, gan-qp, energy");
  EXPECT_EQ(message("hinge", {.penalty = 1.0}), "penalty: the objective hinge has none");
  EXPECT_EQ(message("wgan-gp", {.clip = 1.0}), "clip: the objective wgan-gp has none");
  EXPECT_EQ(message("wgan", {.qp_scale = 1.0}), "qp_scale: the objective wgan has none");
  EXPECT_NE(message("gan-qp", {.qp_scale = 0.0}).find("qp_scale = 0"), std::string::npos);
  EXPECT_NE(message("r1", {.penalty = -1.0}).find("penalty = -1"), std::string::npos);
  EXPECT_NE(message("wgan", {.penalty = {}, .clip = 0.0}).find("clip = 0"), std::string::npos);
  const std::vector<float> one{1.0f}, two{1.0f, 2.0f};
  for (const auto& [name, kind] : objective_choices()) {
    EXPECT_THROW(make_objective(kind, {})->critic_loss({one, two, one}), Error) << name;
    EXPECT_THROW(make_objective(kind, {})->generator_loss({{}, {}, {}}), Error) << name;
  }
  EXPECT_THROW(make_objective(kind_of("gan-qp"), {})->critic_loss({one, one, {}}), Error);
}

}  // namespace
}  // namespace ebm::gan
