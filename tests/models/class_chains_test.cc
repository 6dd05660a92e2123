#include "models/class_chains.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "models/condition.h"
#include "samplers/energies/observation.h"
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
  const ClassChains chains = class_chains(of_three(), "boot,0,none", 2, std::nullopt);
  EXPECT_EQ(chains.labels, (std::vector<float>{2, 0, 3}));
  EXPECT_EQ(chains.names, (std::vector<std::string>{"boot", "shirt", "none"}));
  EXPECT_EQ(chains.contexts, (std::vector<float>{2, 2, 0, 0, 3, 3}));
  EXPECT_EQ(chains.model.classes, 3);
}

TEST(ClassChainsTest, TheModelIsGuided) {
  const ClassChains chains = class_chains(of_three(), "bag", 1, 3.0);
  // ½(5 − 3)² + 3·(½(5 − 1)² − ½(5 − 3)²)
  const EnergyModel bound = bind_condition(chains.model, {"bag", {}});
  EXPECT_EQ(samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0], 2.0f + 3 * 6.0f);
}

TEST(ClassChainsTest, AModelMayHaveAGuidanceOfItsOwn) {
  EnergyModel model = of_three();
  model.guidance = 3.0;
  const auto energy = [&](const char* classes, std::optional<double> asked) {
    const ClassChains chains = class_chains(model, classes, 1, asked);
    EXPECT_EQ(chains.guidance, asked ? asked : 3.0);
    const EnergyModel bound = bind_condition(chains.model, {classes, {}});
    return samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0];
  };
  EXPECT_EQ(energy("bag", std::nullopt), 20.0f);  // 2 + 3·6, as above
  EXPECT_EQ(energy("bag", 1.0), 8.0f);
  EXPECT_EQ(energy("none", std::nullopt), 2.0f);
}

TEST(ClassChainsTest, RefusesWhatWouldHaveNoEffectOrNoRoom) {
  const auto refuse = [](const std::string& part, const char* classes, std::int64_t n,
                         std::optional<double> guidance) {
    nets::expect_error(ErrorCode::kUsage, part,
                       [&] { class_chains(of_three(), classes, n, guidance); });
  };
  refuse("n = 0: must be at least 1", "all", 0, std::nullopt);
  refuse("class = 3: must be a label from 0 to 2", "3", 1, std::nullopt);
  refuse("guidance = 2: changes nothing where --class is none", "0,none", 1, 2.0);
  refuse("guidance = nan", "0", 1, std::nan(""));
  refuse("states of dim 1 for each of 3 classes do not fit in memory", "all",
         std::int64_t{9'000'000'000'000'000'000}, std::nullopt);
}

}  // namespace
}  // namespace ebm::models
