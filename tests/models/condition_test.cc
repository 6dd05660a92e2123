#include "models/condition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/spec.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/observation.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::models {
namespace {

/// Its energy is ½|x − context|²: what it is given is seen.
EnergyModel model_of(std::int64_t classes, bool noise_level) {
  const std::int64_t context_dim = (classes > 0 ? 1 : 0) + (noise_level ? 1 : 0);
  const auto energy = [=](float sd) -> std::shared_ptr<const samplers::Energy> {
    if (context_dim > 0) return std::make_shared<samplers::Observation>(context_dim, sd);
    return std::make_shared<samplers::DoubleWell>(1);
  };
  EnergyModel model{.energy = energy(1.0f),
                    .shape = {std::max<std::int64_t>(1, context_dim), 1, 1},
                    .in_float32 = [=] { return energy(0.5f); },
                    .checkpoint = {{"replay.safetensors", ""}},
                    .origin = "m.safetensors",
                    .classes = classes,
                    .noise_level = noise_level};
  return model;
}

EnergyModel named() {
  EnergyModel model = model_of(3, false);
  model.class_names = {"7", "T-shirt/top", "Ankle boot"};
  return model;
}

std::string refusal(const EnergyModel& model, const Condition& condition) {
  try {
    context_of(model, condition);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(ConditionTest, AClassIsALabelOrAName) {
  EXPECT_EQ(label_of(named(), "2"), 2.0f);
  EXPECT_EQ(label_of(named(), "Ankle boot"), 2.0f);
  EXPECT_EQ(label_of(named(), "none"), 3.0f);
  // No label: the name.
  EXPECT_EQ(label_of(named(), "7"), 0.0f);
  EXPECT_EQ(class_text(named(), 1.0f), "T-shirt/top");
  EXPECT_EQ(class_text(named(), 3.0f), "none");
  EXPECT_EQ(class_text(model_of(3, false), 1.0f), "1");
}

TEST(ConditionTest, TheContextIsLabelThenLevel) {
  EXPECT_EQ(context_of(model_of(3, false), {}), (std::vector<float>{3}));
  EXPECT_EQ(context_of(model_of(3, true), {"1", 0.5}), (std::vector<float>{1, 0.5f}));
  EXPECT_EQ(context_of(model_of(0, true), {"", 0.25}), (std::vector<float>{0.25f}));
  EXPECT_EQ(context_of(model_of(0, false), {}), std::vector<float>{});
}

TEST(ConditionTest, SaysWhatIsWrong) {
  EXPECT_EQ(refusal(named(), {"3", {}}),
            "class = 3: must be a label from 0 to 2, none, or a name: 7, T-shirt/top, Ankle boot");
  EXPECT_NE(refusal(named(), {"-1", {}}).find("from 0 to 2"), std::string::npos);
  EXPECT_NE(refusal(named(), {"ankel boot", {}}).find("did you mean 'Ankle boot'?"),
            std::string::npos);
  EXPECT_NE(refusal(named(), {"nnoe", {}}).find("did you mean 'none'?"), std::string::npos);
  EXPECT_EQ(refusal(model_of(0, false), {"1", {}}), "class = 1: m.safetensors has no classes");
  EXPECT_EQ(refusal(named(), {"1", 0.5}), "level = 0.5: m.safetensors reads no level of noise");
  EXPECT_NE(refusal(model_of(3, true), {"1", {}}).find("MODEL#level=X"), std::string::npos);
  EXPECT_NE(refusal(model_of(3, true), {"1", 0.0}).find("level = 0"), std::string::npos);
}

TEST(ConditionTest, ListsOfClasses) {
  EXPECT_EQ(labels_of(named(), "0,2"), (std::vector<float>{0, 2}));
  EXPECT_EQ(labels_of(named(), "all"), (std::vector<float>{0, 1, 2}));
  EXPECT_EQ(labels_of(named(), "none,Ankle boot"), (std::vector<float>{3, 2}));
  EXPECT_EQ(labels_of(named(), "all,none"), (std::vector<float>{0, 1, 2, 3}));
  EnergyModel comma = named();
  comma.class_names[1] = "tench, Tinca";
  EXPECT_EQ(labels_of(comma, "tench, Tinca"), (std::vector<float>{1}));
  EXPECT_EQ(contexts_of(named(), {2, 3}, 2), (std::vector<float>{2, 2, 3, 3}));
  for (const char* wrong : {"0,,1", "0,", "3", "0,sandal"}) {
    EXPECT_THROW(labels_of(named(), wrong), Error) << wrong;
  }
  for (const char* twice : {"0,1,0", "all,2", "none,none", "2,Ankle boot"}) {
    nets::expect_error(ErrorCode::kUsage, " twice", [&] { labels_of(named(), twice); });
  }
  EXPECT_THROW(labels_of(model_of(0, false), "all"), Error);
  EXPECT_THROW(contexts_of(model_of(3, true), {1}, 2), Error);
}

TEST(ConditionTest, GuidanceGoesFromNoneThroughTheClass) {
  // ½(x − y)², at x = 5: none is 3.
  const auto at = [](double w, const char* klass) {
    const EnergyModel bound = bind_condition(guided(named(), {.weight = w}), {klass, {}});
    EXPECT_EQ(samplers::evaluate_rows(*bound.in_float32(), {5.0f}).energy[0],
              4 * samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0]);
    return samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0];
  };
  EXPECT_EQ(at(0, "1"), 2.0f);
  EXPECT_EQ(at(1, "1"), 8.0f);
  EXPECT_EQ(at(3, "1"), 2.0f + 3 * 6.0f);
  EXPECT_EQ(at(3, "none"), 2.0f);
  EXPECT_THROW(guided(model_of(0, false), {}), Error);
  EXPECT_THROW(guided(named(), {.weight = std::nan("")}), Error);
}

TEST(ConditionTest, TheDataOfABoundModelAreThoseOfItsClass) {
  const auto data_at = [](const std::string& spec, const char* klass) {
    EnergyModel model = named();
    model.data = spec;
    return bind_condition(model, {klass, {}}).data;
  };
  EXPECT_EQ(data_at("fashion-mnist", "Ankle boot"), "fashion-mnist#class=Ankle boot");
  EXPECT_EQ(data_at("images:photos#size=32", "1"),
            data::to_string(data::parse_spec("images:photos#size=32,class=1")));
  EXPECT_EQ(data_at("fashion-mnist", "7"), "fashion-mnist#class=0");  // a name that is a number
  for (const char* spec : {"npy:x.npy", "toy:rings", "fashion-mnist#class=1", "", "no:such"}) {
    EXPECT_EQ(data_at(spec, "1"), spec);
  }
  EXPECT_EQ(data_at("fashion-mnist", "none"), "fashion-mnist");
  EXPECT_EQ(data_at("fashion-mnist", ""), "fashion-mnist");
}

TEST(ConditionTest, NoneIsRefusedWhereItWasNotTrained) {
  EnergyModel model = named();
  model.knows_none = false;
  const char* fragment = "was trained without the class none (label_dropout = 0)";
  EXPECT_NE(refusal(model, {}).find(fragment), std::string::npos);
  EXPECT_NE(refusal(model, {"none", {}}).find(fragment), std::string::npos);
  EXPECT_EQ(refusal(model, {"1", {}}), "accepted");
  nets::expect_error(ErrorCode::kUsage, "guidance = 2: ", [&] { guided(model, {.weight = 2.0}); });
  EXPECT_NO_THROW(guided(model, {}));
}

TEST(ConditionTest, ABoundModelHasNoContext) {
  const EnergyModel bound = bind_condition(named(), {"Ankle boot", {}});
  EXPECT_EQ(bound.energy->context_dim(), 0);
  EXPECT_EQ(bound.classes, 0);
  EXPECT_EQ(samplers::evaluate_rows(*bound.energy, {5.0f}).energy[0], 4.5f);
  EXPECT_EQ(samplers::evaluate_rows(*bound.in_float32(), {5.0f}).energy[0], 18.0f);
  // Chains of the buffer have other classes.
  EXPECT_TRUE(bound.checkpoint.empty());
  EXPECT_FALSE(bind_condition(named(), {}).checkpoint.empty());
  const EnergyModel plain = model_of(0, false);
  EXPECT_EQ(bind_condition(plain, {}).energy, plain.energy);
}

}  // namespace
}  // namespace ebm::models
