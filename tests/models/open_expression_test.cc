#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "models/condition.h"
#include "models/open_model.h"
#include "models/toys/toy_energy.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/observation.h"
#include "tests/base/system/scoped_home.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::models {
namespace {
namespace fs = std::filesystem;

const std::vector<float> kStates{0.25f, -1.0f, 2.0f, 0.5f};

/// Files a, b and c whose energies are Gaussians around 0, 1 and 2, at T = 1, 0.25 and 4, so that
/// every value is known; "a + b" is the name of a fourth, around 3.
class OpenExpressionTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    here_ = fs::current_path();
    fs::current_path(folder_);
    write("a.safetensors", 0, 1.0f, 10);
    write("b.safetensors", 1, 0.5f, 20);
    write("c.safetensors", 2, 2.0f, 30);
    write("a.safetensors + b", 3, 1.0f, 40);
  }
  void TearDown() override {
    fs::current_path(here_);
    fs::remove_all(folder_);
  }

  /// The number in the name of its data says where the Gaussian is.
  static void write(const std::string& name, int place, float noise, std::int64_t n_steps) {
    write(name, nets::preset("mlp", {2, 1, 1}), "data " + std::to_string(place), noise, n_steps);
  }
  static void write(const std::string& name, const nets::Architecture& net, const std::string& data,
                    float noise, std::int64_t n_steps,
                    const std::vector<std::string>& class_names = {}) {
    nets::SafetensorsFile weights;
    for (const nets::Parameter& parameter : nets::parameters(net)) {
      std::int64_t size = 1;
      for (const std::int64_t axis : parameter.shape) size *= axis;
      weights.tensors.emplace(
          parameter.name,
          nets::TensorData::from_floats(parameter.shape,
                                        std::vector<float>(static_cast<std::size_t>(size), 0.1f)));
    }
    nets::write_safetensors(
        name, nets::model_file(
                  net, {.langevin = {.step_size = 0.5f, .noise_scale = noise}, .n_steps = n_steps},
                  data, weights, class_names));
  }

  static OpenOptions as_gaussians() {
    return {.make_energy = [](const nets::Model& model) {
      const float place = std::stof(model.data.substr(5));
      return std::make_shared<samplers::DiagonalGaussian>(std::vector{place, place},
                                                          std::vector{1.0f, 1.0f});
    }};
  }

  static EnergyModel open(const std::string& text) { return open_model(text, as_gaussians()); }

  /// Energies at kStates.
  static std::vector<float> energies(const std::string& text) {
    return samplers::evaluate_rows(*open(text).energy, kStates).energy;
  }

  /// ½|x − place|² of state i.
  static double bowl(std::size_t i, double place) {
    const double x = kStates[2 * i] - place, y = kStates[2 * i + 1] - place;
    return 0.5 * (x * x + y * y);
  }

 private:
  fs::path folder_ = fs::path(testing::TempDir()) /
                     (std::string("open_expression_") +
                      testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::path here_;
};

TEST_F(OpenExpressionTest, EachEnergyIsDividedByItsOwnTemperature) {
  // T = noise²/(2·0.5): 1, 0.25 and 4.
  const auto sum = energies("a.safetensors + 0.5*b.safetensors - 0.3*c.safetensors");
  const auto turned = energies("b.safetensors + a.safetensors");
  const auto mixed = energies("mix(0.3*a.safetensors; b.safetensors + c.safetensors)");
  const auto scaled = energies("2*b.safetensors");
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(sum[i], bowl(i, 0) + 0.5 * bowl(i, 1) / 0.25 - 0.3 * bowl(i, 2) / 4, 1e-5);
    // In units of the T of the first, 0.25.
    EXPECT_NEAR(turned[i], 0.25 * (bowl(i, 1) / 0.25 + bowl(i, 0)), 1e-5);
    EXPECT_NEAR(
        mixed[i],
        -std::log(0.3 * std::exp(-bowl(i, 0)) + std::exp(-bowl(i, 1) / 0.25 - bowl(i, 2) / 4)),
        1e-5);
    EXPECT_NEAR(scaled[i], 2 * bowl(i, 1), 1e-5);
  }
}

TEST_F(OpenExpressionTest, AMixtureIsAtTheTemperatureOfTheFirst) {
  const auto mixed = energies("mix(c.safetensors; a.safetensors)");
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(mixed[i], -4 * std::log(std::exp(-bowl(i, 2) / 4) + std::exp(-bowl(i, 0))), 1e-5);
  }
}

TEST_F(OpenExpressionTest, RecipeAndDataAreThoseOfTheFirstModel) {
  const EnergyModel model = open("toy:gaussian + b.safetensors + 2*a.safetensors");
  EXPECT_EQ(model.n_steps, 20);
  EXPECT_EQ(model.data, "data 1");
  EXPECT_EQ(model.settings.temperature, 0.25f);
  EXPECT_EQ(model.shape, (data::ItemShape{2, 1, 1}));
  ASSERT_EQ(model.terms.size(), 3u);
  EXPECT_EQ(model.terms[0].text, "toy:gaussian");
  EXPECT_EQ(model.terms[0].temperature, 1.0);
  EXPECT_EQ(model.terms[1].temperature, 0.25);
  EXPECT_EQ(model.terms[2].weight, 2.0);
  const auto found = samplers::evaluate_rows(*model.energy, kStates).energy;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(found[i], 0.25 * (bowl(i, 0) + bowl(i, 1) / 0.25 + 2 * bowl(i, 0)), 1e-5);
  }
}

TEST_F(OpenExpressionTest, AFileNamedLikeAnExpressionIsThatFile) {
  EXPECT_EQ(open("a.safetensors + b").data, "data 3");
  EXPECT_TRUE(open("a.safetensors + b").terms.empty());
  EXPECT_EQ(open("(a.safetensors + b) + a.safetensors").terms.size(), 2u);
}

TEST_F(OpenExpressionTest, ATildeBeforeAModelIsHome) {
  const base::ScopedHome home(fs::current_path().c_str());
  EXPECT_EQ(energies("~/a.safetensors + 0.5*~/b.safetensors"),
            energies("a.safetensors + 0.5*b.safetensors"));
}

TEST_F(OpenExpressionTest, TermsHaveTheWeightsOfAllThatIsAroundThem) {
  struct Right {
    std::string text;
    double weight;
    std::optional<double> share;
  };
  const auto expect = [](const std::string& text, const std::vector<Right>& right) {
    const EnergyModel model = open(text);
    ASSERT_EQ(model.terms.size(), right.size()) << text;
    for (std::size_t i = 0; i < right.size(); ++i) {
      EXPECT_EQ(model.terms[i].text, right[i].text) << text;
      EXPECT_EQ(model.terms[i].weight, right[i].weight) << text << ", " << right[i].text;
      EXPECT_EQ(model.terms[i].share, right[i].share) << text << ", " << right[i].text;
    }
  };
  const std::string a = "a.safetensors", b = "b.safetensors", c = "c.safetensors";
  expect("2*(" + a + " + " + b + ")", {{a, 2, {}}, {b, 2, {}}});
  expect(a + " - (" + b + " - " + c + ")", {{a, 1, {}}, {b, -1, {}}, {c, 1, {}}});
  expect("mix(" + a + "; 3*(2*" + b + "))", {{a, 1, 1}, {b, 2, 3}});
  expect("mix(0.5*" + a + "; 4*mix(" + b + "; 2*" + c + "))", {{a, 1, 0.5}, {b, 1, 4}, {c, 1, 8}});
}

TEST_F(OpenExpressionTest, WeightsOfToysCountOnce) {
  const auto found = energies("toy:gaussian,mean=1 - 0.7*toy:gaussian + 3*mix(toy:gaussian)");
  const auto one = samplers::evaluate_rows(*toy_energy("0.5*toy:gaussian,mean=1"), kStates).energy;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(found[i], bowl(i, 1) - 0.7 * bowl(i, 0) + 3 * bowl(i, 0), 1e-5);
    EXPECT_NEAR(one[i], 0.5 * bowl(i, 1), 1e-5);
  }
}

/// E(x, y, σ) = ½(x₁ − y)² + ½(x₂ − σ)² of a file that says it has three classes and a level.
class ConditionalExpressionTest : public OpenExpressionTest {
 protected:
  void SetUp() override {
    OpenExpressionTest::SetUp();
    write_conditional("m.safetensors", "data 0");
  }
  static void write_conditional(const std::string& name, const std::string& data) {
    nets::Architecture net = nets::preset("mlp", {2, 1, 1});
    net.noise_level = true;
    net = nets::with_classes(net, 3, nets::ClassCondition::kFilm);
    write(name, net, data, 1.0f, 10, {"cat", "dog", "a cow"});
  }
  EnergyModel open_m(const std::string& text) {
    return open_model(text, {.make_energy =
                                 [](const nets::Model&) {
                                   return std::make_shared<samplers::Observation>(2, 1.0f);
                                 },
                             .warn = [this](const std::string& line) { lines_.push_back(line); }});
  }
  double energy_at_zero(const std::string& text) {
    return samplers::evaluate_rows(*open_m(text).energy, {0.0f, 0.0f}).energy[0];
  }
  std::vector<std::string> lines_;
};

TEST_F(ConditionalExpressionTest, AModelByItselfKeepsTheContextOfItsChains) {
  const EnergyModel model = open_m("m.safetensors");
  EXPECT_EQ(model.classes, 3);
  EXPECT_EQ(model.class_names, (std::vector<std::string>{"cat", "dog", "a cow"}));
  EXPECT_TRUE(model.noise_level);
  EXPECT_EQ(model.energy->context_dim(), 2);
}

TEST_F(ConditionalExpressionTest, ConditionsInTheText) {
  EXPECT_NEAR(energy_at_zero("m.safetensors#class=dog,level=0.5"), 0.5 * (1 + 0.25), 1e-6);
  EXPECT_NEAR(energy_at_zero("m.safetensors#level=0.5,class=a cow"), 0.5 * (4 + 0.25), 1e-6);
  EXPECT_NEAR(energy_at_zero("m.safetensors#class=1,level=2 + 2*m.safetensors#class=2,level=1"),
              0.5 * (1 + 4) + 2 * 0.5 * (4 + 1), 1e-6);
  EXPECT_TRUE(lines_.empty());
}

TEST_F(ConditionalExpressionTest, DataAreThoseOfTheClassThatAllAreAt) {
  write_conditional("f.safetensors", "fashion-mnist");
  const auto data_of = [&](const std::string& text) { return open_m(text).data; };
  const std::string dog = "f.safetensors#class=dog,level=1";
  const std::string cow = "f.safetensors#class=a cow,level=1";
  EXPECT_EQ(data_of(dog), "fashion-mnist#class=dog");
  EXPECT_EQ(data_of(dog + " + " + dog), "fashion-mnist#class=dog");
  EXPECT_EQ(data_of(dog + " + toy:gaussian"), "fashion-mnist#class=dog");
  EXPECT_EQ(data_of("mix(" + dog + "; " + cow + ")"), "fashion-mnist");
}

TEST_F(ConditionalExpressionTest, AClassIsOneForAllThatAreNotGivenTheirs) {
  const EnergyModel model = open_m(
      "m.safetensors#level=1 + 2*m.safetensors#class=dog,level=2 + toy:gaussian + "
      "0.5*m.safetensors#level=4");
  EXPECT_EQ(model.classes, 3);
  EXPECT_EQ(model.class_names, (std::vector<std::string>{"cat", "dog", "a cow"}));
  EXPECT_EQ(model.energy->context_dim(), 1);
  EXPECT_FALSE(model.noise_level);
  const auto at = [&](const char* klass) {
    const EnergyModel bound = bind_condition(model, {klass, {}});
    return samplers::evaluate_rows(*bound.energy, {0.0f, 0.0f}).energy[0];
  };
  EXPECT_NEAR(at("a cow"), 0.5 * (4 + 1) + 2 * 0.5 * (1 + 4) + 0.5 * 0.5 * (4 + 16), 1e-5);
  EXPECT_NEAR(at("none"), 0.5 * (9 + 1) + 2 * 0.5 * (1 + 4) + 0.5 * 0.5 * (9 + 16), 1e-5);
  EXPECT_TRUE(lines_.empty());
  EXPECT_EQ(open_m("m.safetensors#level=1,class=none + toy:gaussian").classes, 0);
  EXPECT_THROW(open_m("m.safetensors + toy:gaussian"), Error);  // no level
}

TEST_F(ConditionalExpressionTest, ModelsOfDifferentClassesAreTakenAtNone) {
  nets::Architecture net = nets::with_noise_level(nets::preset("mlp-silu", {2, 1, 1}));
  write("n.safetensors", nets::with_classes(net, 2, nets::ClassCondition::kFilm), "data 0", 1.0f,
        10, {"cat", "dog"});
  EXPECT_NEAR(energy_at_zero("m.safetensors#level=1 + n.safetensors#level=2"),
              0.5 * (9 + 1) + 0.5 * (4 + 4), 1e-6);
  EXPECT_EQ(lines_, (std::vector<std::string>{
                        "m.safetensors#level=1 is taken at no class, as #class=none",
                        "n.safetensors#level=2 is taken at no class, as #class=none"}));
}

TEST_F(ConditionalExpressionTest, WhatAModelWasTrainedForByItselfIsLeftOut) {
  nets::SafetensorsFile file = nets::read_safetensors("m.safetensors");
  file.metadata["sampler"] += "guidance = 2.0\n";
  nets::write_safetensors("m.safetensors", file);
  ASSERT_EQ(open_m("m.safetensors").guidance->weight, 2.0);
  EXPECT_FALSE(open_m("m.safetensors#level=1 + toy:gaussian").guidance);
}

TEST_F(OpenExpressionTest, ToysAlone) {
  const EnergyModel model = open("mix(toy:gaussian; toy:gaussian,mean=3)");
  EXPECT_NEAR(*model.energy->log_z(), std::log(2 * 2 * M_PI), 1e-6);
  EXPECT_FALSE(model.is_image);
}

TEST_F(OpenExpressionTest, MixturesOfBfloat16AreTakenInFloat32) {
  for (const char* name : {"a.safetensors", "b.safetensors"}) {
    nets::SafetensorsFile file = nets::read_safetensors(name);
    file.metadata["sampler"] += "precision = 'bf16'\n";
    nets::write_safetensors(name, file);
  }
  const std::string text = "mix(a.safetensors; 3*b.safetensors)";
  std::vector<std::string> lines;
  const EnergyModel model =
      open_model(text, {.warn = [&](const std::string& line) { lines.push_back(line); }});
  EXPECT_EQ(model.precision, nets::Precision::kFloat32);
  EXPECT_FALSE(model.in_float32);
  EXPECT_EQ(lines.size(), 2u);
  OpenOptions options;
  options.precision = nets::Precision::kFloat32;
  EXPECT_EQ(samplers::evaluate_rows(*model.energy, kStates).energy,
            samplers::evaluate_rows(*open_model(text, options).energy, kStates).energy);
  options.precision = nets::Precision::kBfloat16;
  EXPECT_TRUE(open_model(text, options).in_float32);
}

TEST_F(OpenExpressionTest, TermsInBfloat16HaveASumInFloat32) {
  OpenOptions options;
  options.precision = nets::Precision::kBfloat16;
  const EnergyModel rounded = open_model("a.safetensors + 3*b.safetensors", options);
  EXPECT_EQ(rounded.precision, nets::Precision::kBfloat16);
  options.precision = nets::Precision::kFloat32;
  const EnergyModel exact = open_model("a.safetensors + 3*b.safetensors", options);
  EXPECT_FALSE(exact.in_float32);
  const auto right = samplers::evaluate_rows(*exact.energy, kStates).energy;
  EXPECT_EQ(samplers::evaluate_rows(*rounded.in_float32(), kStates).energy, right);
  EXPECT_NE(samplers::evaluate_rows(*rounded.energy, kStates).energy, right);
}

std::string refusal(const std::string& text, ErrorCode code) {
  try {
    open_model(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << text;
    return error.what();
  }
  return "accepted";
}

TEST_F(OpenExpressionTest, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("a.safetensors + fashion-mnist", ErrorCode::kShape),
            "model = a.safetensors + fashion-mnist: fashion-mnist takes items of 1x28x28, "
            "a.safetensors takes items of 2x1x1; must be one shape");
  write("cold.safetensors", 0, 0.0f, 10);
  struct Wrong {
    std::string text;
    ErrorCode code;
    std::string fragment;
  };
  for (const auto& [text, code, fragment] : std::vector<Wrong>{
           {"a.safetensors + toy:gaussian,dim=3", ErrorCode::kShape, "3x1x1"},
           // In an expression a wrong name is a wrong expression.
           {"fashion-mnits + a.safetensors", ErrorCode::kUsage, "did you mean fashion-mnist?"},
           {"fashion-mnits", ErrorCode::kNoInput, "did you mean fashion-mnist?"},
           {"fashion+mnist", ErrorCode::kNoInput, "have a space on both sides"},
           {"a.safetensors#class=1", ErrorCode::kUsage, "has no classes"},
           {"mix(a.safetensors; -1*a.safetensors)", ErrorCode::kUsage,
            "the weight -1 of 'a.safetensors' in mix(...) must be above 0"},
           {"a.safetensors + toy:ringz", ErrorCode::kUsage, "did you mean rings"},
           {"a.safetensors + cold.safetensors", ErrorCode::kUsage, "has T = 0"}}) {
    const std::string message = refusal(text, code);
    EXPECT_NE(message.find(fragment), std::string::npos) << text << ": " << message;
  }
}

}  // namespace
}  // namespace ebm::models
