#include "models/class_chains.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "models/condition.h"
#include "samplers/energies/observation.h"
#include "samplers/run_chains.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::models {
namespace {

/// ½(x − y)² of classes 0, 1 and 2, and of none, which is 3.
EnergyModel of_three() {
  return {.energy = std::make_shared<samplers::Observation>(1, 1.0f),
          .shape = {1, 1, 1},
          .origin = "m.safetensors",
          .classes = 3,
          .class_names = {"shirt", "bag", "boot"}};
}

TEST(ClassChainsTest, EveryClassHasAsManyChains) {
  const ClassChains chains = class_chains(of_three(), "boot,0,none", 2, {});
  EXPECT_EQ(chains.labels, (std::vector<float>{2, 0, 3}));
  EXPECT_EQ(chains.names, (std::vector<std::string>{"boot", "shirt", "none"}));
  EXPECT_EQ(chains.contexts, (std::vector<float>{2, 2, 0, 0, 3, 3}));
  EXPECT_EQ(chains.model.classes, 3);
}

TEST(ClassChainsTest, TheModelIsGuided) {
  const ClassChains chains = class_chains(of_three(), "bag", 1, {.weight = 3.0});
  // ½(5 − 3)² + 3·(½(5 − 1)² − ½(5 − 3)²)
  const EnergyModel bound = bind_condition(chains.model, {"bag", {}});
  EXPECT_EQ(samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0], 2.0f + 3 * 6.0f);
}

TEST(ClassChainsTest, AModelMayHaveAGuidanceOfItsOwn) {
  EnergyModel model = of_three();
  model.guidance = {.weight = 3.0};
  const auto energy = [&](const char* classes, std::optional<double> asked) {
    const ClassChains chains = class_chains(model, classes, 1, {.weight = asked});
    EXPECT_EQ(chains.guidance->weight, asked.value_or(3.0));
    const EnergyModel bound = bind_condition(chains.model, {classes, {}});
    return samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0];
  };
  EXPECT_EQ(energy("bag", std::nullopt), 20.0f);  // 2 + 3·6, as above
  EXPECT_EQ(energy("bag", 1.0), 8.0f);
  EXPECT_EQ(energy("none", std::nullopt), 2.0f);
}

TEST(ClassChainsTest, AGuidanceMayCountInAPartOfTheFlow) {
  EnergyModel model = of_three();
  model.settings.sampler = samplers::SamplerKind::kGradientFlow;
  model.guidance = {.weight = 3.0, .start = 0.25, .end = 0.5};
  const ClassChains own = class_chains(model, "bag,boot", 2, {});
  EXPECT_TRUE(own.model.settings.flow_sets_time);
  EXPECT_EQ(own.model.energy->context_dim(), 2);
  EXPECT_EQ(own.contexts, (std::vector<float>{1, 0.25f, 1, 0.25f, 2, 0.25f, 2, 0.25f}));
  EXPECT_EQ(own.chain_labels(), (std::vector<float>{1, 1, 2, 2}));

  const ClassChains asked = class_chains(model, "bag", 1, {.start = 0.125});
  EXPECT_EQ(asked.guidance->weight, 3.0);
  EXPECT_EQ(asked.guidance->start, 0.125);
  EXPECT_EQ(asked.guidance->end, 0.5);
  EXPECT_EQ(asked.contexts, (std::vector<float>{1, 0.125f}));

  model.guidance->start = 0.0;
  model.guidance->end.reset();
  EXPECT_FALSE(class_chains(model, "bag", 1, {}).model.settings.flow_sets_time);
}

/// ½(x − 1)² of the class and ½(x − 3)² of none: w moves the centre to 3 + w·(1 − 3), where it
/// counts, and a step of Heun's method goes towards it by 1 − h + h²/2.
TEST(ClassChainsTest, AFlowIsGuidedInTheStepsThatStartInTheInterval) {
  EnergyModel model = of_three();
  model.settings = {
      .sampler = samplers::SamplerKind::kGradientFlow, .step_size = 0.25f, .noise_scale = 0.0f};
  const ClassChains found =
      class_chains(model, "bag", 20, {.weight = 2.0, .start = 0.25, .end = 0.75});
  samplers::ChainStore chains(20, 1, 2);
  chains.load_rows(std::vector<float>(20, 5.0f));
  chains.load_context(found.contexts);
  chains.require_momentum();
  const auto kernel = samplers::make_kernel(found.model.settings);
  samplers::run_chains(*found.model.energy, *kernel, chains, {.n_steps = 5, .n_threads = 2});
  double right = 5.0;
  for (const double centre : {1.0, -1.0, -1.0, 1.0}) {
    right = centre + (1.0 - 0.25 + 0.03125) * (right - centre);
  }
  right = 1.0 + 0.75 * (right - 1.0);  // and a step of Langevin dynamics without noise
  std::vector<float> rows(20);
  chains.store_rows(rows);
  for (const float x : rows) EXPECT_NEAR(x, right, 1e-5);
}

TEST(ClassChainsTest, RefusesWhatWouldHaveNoEffectOrNoRoom) {
  const auto refuse = [](const std::string& part, const char* classes, std::int64_t n,
                         const GuidanceOverrides& guidance) {
    nets::expect_error(ErrorCode::kUsage, part,
                       [&] { class_chains(of_three(), classes, n, guidance); });
  };
  refuse("n = 0: must be at least 1", "all", 0, {});
  refuse("class = 3: must be a label from 0 to 2", "3", 1, {});
  refuse("guidance = 2: changes nothing where --class is none", "0,none", 1, {.weight = 2.0});
  refuse("guidance = nan", "0", 1, {.weight = std::nan("")});
  refuse("states of dim 1 for each of 3 classes do not fit in memory", "all",
         std::int64_t{9'000'000'000'000'000'000}, {});
  refuse("guidance_start = 0.5: needs a guidance", "0", 1, {.start = 0.5});
  refuse("guidance_end = 0.5: changes nothing where --class is none", "none", 1, {.end = 0.5});
  refuse("guidance_end = 0.5: needs a class", "", 1, {.end = 0.5});
  refuse("guidance_end = 0.5: is a time of a flow, which m.safetensors is not sampled by", "0", 1,
         {.weight = 2.0, .end = 0.5});
}

}  // namespace
}  // namespace ebm::models
