#include "nets/files/model.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"

namespace ebm::nets {
namespace {
namespace fs = std::filesystem;

const SamplerRecipe kRecipe{.langevin = {.step_size = 10.0f,
                                         .noise_scale = 0.005f,
                                         .clamp_energy_grad = 0.03f,
                                         .box = samplers::Box{-1, 1}},
                            .n_steps = 77};

class ModelTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// What is said of the file with another text in its metadata; "" if it is a model.
  static std::string refusal_of(const std::string& key, const std::string& text,
                                SafetensorsFile file) {
    file.metadata[key] = text;
    try {
      model_of({file, "m", {}});
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return error.what();
    }
  }

  fs::path folder_;
  SafetensorsFile file_ = model_file(
      preset("uva", {1, 28, 28}), kRecipe, "toy:rings",
      {.tensors = {{"x", TensorData::from_floats({1}, std::vector<float>{2.0f})}}, .metadata = {}});
};

TEST_F(ModelTest, CarriesItsArchitectureAndRecipe) {
  write_safetensors(folder_ / "m.safetensors", file_);
  const Model model = read_model(folder_ / "m.safetensors", {});
  EXPECT_EQ(model.architecture, preset("uva", {1, 28, 28}));
  EXPECT_EQ(model.data, "toy:rings");
  EXPECT_EQ(model.recipe.n_steps, 77);
  EXPECT_EQ(model.recipe.langevin.step_size, 10.0f);
  EXPECT_EQ(model.recipe.langevin.noise_scale, 0.005f);
  EXPECT_EQ(model.recipe.langevin.clamp_energy_grad, 0.03f);
  EXPECT_EQ(model.recipe.langevin.box->low, -1.0f);
  EXPECT_EQ(model.recipe.precision, Precision::kFloat32);
  EXPECT_TRUE(model.checkpoint.empty());
}

TEST_F(ModelTest, NumbersOfItsRecipeHaveTheFewestDigits) {
  SamplerRecipe recipe = kRecipe;
  recipe.langevin.step_size = 0.04f;
  recipe.guidance = 1.4f;
  recipe.guidance_start = 0.2f;
  recipe.guidance_end = 0.8f;
  const SafetensorsFile file = model_file(preset("uva", {1, 28, 28}), recipe, "toy:rings", file_);
  EXPECT_EQ(file.metadata.at("sampler"),
            "box = [ -1.0, 1.0 ]\nclamp_energy_grad = 0.03\nguidance = 1.4\n"
            "guidance_end = 0.8\nguidance_start = 0.2\nn_steps = 77\n"
            "noise_scale = 0.005\nstep_size = 0.04\n");
  EXPECT_EQ(model_of({file, "m", {}}).recipe.langevin.step_size, 0.04f);
  EXPECT_EQ(model_of({file, "m", {}}).recipe.guidance, 1.4f);
  EXPECT_EQ(model_of({file, "m", {}}).recipe.guidance_start, 0.2f);
  EXPECT_EQ(model_of({file, "m", {}}).recipe.guidance_end, 0.8f);
}

TEST_F(ModelTest, HasAPrecisionWhereItIsNotThatOfAll) {
  EXPECT_EQ(file_.metadata.at("sampler").find("precision"), std::string::npos);
  SamplerRecipe recipe = kRecipe;
  recipe.precision = Precision::kBfloat16;
  const SafetensorsFile file = model_file(preset("uva", {1, 28, 28}), recipe, "toy:rings", file_);
  EXPECT_NE(file.metadata.at("sampler").find("precision = 'bf16'"), std::string::npos)
      << file.metadata.at("sampler");
  EXPECT_EQ(model_of({file, "m", {}}).recipe.precision, Precision::kBfloat16);
}

TEST_F(ModelTest, NamesItsSamplerWhereItIsNotLangevin) {
  EXPECT_EQ(file_.metadata.at("sampler").find("sampler"), std::string::npos);
  EXPECT_EQ(model_of({file_, "m", {}}).recipe.sampler, samplers::SamplerKind::kLangevin);
  SamplerRecipe recipe = kRecipe;
  recipe.sampler = samplers::SamplerKind::kGradientFlow;
  recipe.langevin.clamp_energy_grad.reset();
  recipe.flow_time = 1.25f;
  recipe.start_sd = 0.75f;
  SafetensorsFile file = model_file(preset("uva", {1, 28, 28}), recipe, "toy:rings", file_);
  const samplers::SamplerSettings settings = settings_of(model_of({file, "m", {}}).recipe);
  EXPECT_EQ(settings.sampler, samplers::SamplerKind::kGradientFlow);
  EXPECT_EQ(settings.step_size, 10.0f);
  EXPECT_EQ(settings.noise_scale, 0.005f);
  EXPECT_EQ(settings.flow_time, 1.25f);
  EXPECT_EQ(settings.start_sd, 0.75f);
  EXPECT_EQ(settings.box->high, 1.0f);
  const std::string text = file.metadata.at("sampler");
  const auto refusal_with = [&](const std::string& now, const std::string& then) -> std::string {
    std::string changed = text;
    changed.replace(changed.find(now), now.size(), then);
    file.metadata["sampler"] = changed;
    try {
      model_of({file, "m", {}});
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return error.what();
    }
  };
  EXPECT_EQ(refusal_with("'gradient-flow'", "'hmc'"),
            "m: its sampler has sampler = 'hmc', expected langevin or gradient-flow or "
            "annealed-langevin or probability-flow or ancestral or nesterov or recovery");
  EXPECT_EQ(refusal_with("'gradient-flow'", "7"),
            "m: its sampler has sampler = '', expected langevin or gradient-flow or "
            "annealed-langevin or probability-flow or ancestral or nesterov or recovery");
  EXPECT_EQ(refusal_with("flow_time = 1.25", "flow_time = 0.0"),
            "m: its sampler has flow_time = 0, expected a positive number");
  EXPECT_EQ(refusal_with("start_sd = 0.75", "start_sd = -1.0"),
            "m: its sampler has start_sd = -1, expected a positive number");
  EXPECT_EQ(refusal_with("flow_time = 1.25", "x = 1"), "m: its sampler has no flow_time");
}

TEST_F(ModelTest, SaysTheGuidanceOfItsClasses) {
  EXPECT_EQ(file_.metadata.at("sampler").find("guidance"), std::string::npos);
  EXPECT_FALSE(model_of({file_, "m", {}}).recipe.guidance);
  EXPECT_FALSE(model_of({file_, "m", {}}).recipe.guidance_end);
  SamplerRecipe recipe = kRecipe;
  recipe.guidance = 1.5f;
  SafetensorsFile file = model_file(preset("uva", {1, 28, 28}), recipe, "toy:rings", file_);
  EXPECT_NE(file.metadata.at("sampler").find("guidance = 1.5"), std::string::npos);
  EXPECT_EQ(model_of({file, "m", {}}).recipe.guidance, 1.5f);
}

TEST_F(ModelTest, SaysTheMomentumOfADescent) {
  SamplerRecipe recipe = kRecipe;
  recipe.sampler = samplers::SamplerKind::kNesterov;
  recipe.langevin.clamp_energy_grad.reset();
  recipe.momentum = 0.25f;
  recipe.start_sd = 1.0f;
  SafetensorsFile file = model_file(preset("uva", {1, 28, 28}), recipe, "toy:rings", file_);
  const samplers::SamplerSettings settings = settings_of(model_of({file, "m", {}}).recipe);
  EXPECT_EQ(settings.sampler, samplers::SamplerKind::kNesterov);
  EXPECT_EQ(settings.momentum, 0.25f);
  EXPECT_EQ(settings.schedules.n_steps, recipe.n_steps);
  const std::string text = file.metadata.at("sampler");
  for (const auto& [value, problem] :
       {std::pair("1.5", "is wrong: momentum = 1.5: must be from 0 to 0.9999"),
        std::pair("-0.1", "is wrong: momentum = -0.1: must be from 0 to 0.9999"),
        std::pair("nan", "has momentum = nan, which is no finite float"),
        std::pair("true", "has no momentum")}) {
    std::string changed = text;
    changed.replace(changed.find("momentum = 0.25"), 15, std::string("momentum = ") + value);
    file.metadata["sampler"] = changed;
    try {
      model_of({file, "m", {}});
      ADD_FAILURE() << value;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), std::string("m: its sampler ") + problem);
    }
  }
}

TEST_F(ModelTest, CarriesTheNamesOfItsClasses) {
  const Architecture net = with_classes(preset("uva", {1, 28, 28}), 4, ClassCondition::kProjection);
  // Names of folders may be no text; the last two differ in a byte that is none.
  const std::vector<std::string> names = {"shoe \"left\"", "m\xc3\xa4ntel",
                                          "p\xea"
                                          "che",
                                          "p\xe9"
                                          "che"};
  const SafetensorsFile file = model_file(net, kRecipe, "toy:rings", file_, names);
  write_safetensors(folder_ / "m.safetensors", file);
  const Model model = read_model(folder_ / "m.safetensors", {});
  EXPECT_EQ(model.class_names, names);
  EXPECT_EQ(model.architecture, net);
  EXPECT_TRUE(
      model_of({model_file(net, kRecipe, "toy:rings", file_), "m", {}}).class_names.empty());
  // What other programs read is text.
  EXPECT_EQ(file.metadata.at("class_names"),
            "[\"shoe \\\"left\\\"\",\"m\xc3\xa4ntel\",\"p\xef\xbf\xbd"
            "che\",\"p\xef\xbf\xbd"
            "che\"]");
  // Bytes of another name are left out.
  SafetensorsFile changed = file;
  changed.metadata["class_names.2"] =
      "p\xea"
      "che!";
  changed.metadata["class_names.7"] = "bag";
  EXPECT_EQ(model_of({changed, "m", {}}).class_names[2],
            "p\xef\xbf\xbd"
            "che");
  EXPECT_THROW(model_file(net, kRecipe, "", file_, {"a", "b"}), Error);
  EXPECT_THROW(model_file(preset("uva", {1, 28, 28}), kRecipe, "", file_, {"a"}), Error);
}

TEST_F(ModelTest, ClassNamesThatAreNoneAreRefused) {
  const Architecture net = with_classes(preset("uva", {1, 28, 28}), 2, ClassCondition::kFilm);
  const SafetensorsFile file = model_file(net, kRecipe, "toy:rings", file_);
  const auto refusal = [&](const std::string& names) {
    return refusal_of("class_names", names, file);
  };
  EXPECT_EQ(refusal(R"(["a", "b"])"), "");
  EXPECT_EQ(refusal(R"(["a"])"), "m: its class_names are 1, but the network has 2 classes");
  for (const char* text : {"", "{}", "[1, 2]", "[\"a\", ", "\"ab\""}) {
    EXPECT_EQ(refusal(text), "m: its class_names are no list of names");
  }
  EXPECT_EQ(refusal(std::string(100000, '[')), "m: its class_names are no list of names");
}

TEST_F(ModelTest, KnowsTheWeightOfTheCrossEntropyItWasTrainedBy) {
  EXPECT_EQ(model_of({file_, "m", {}}).classify_weight, 0.0);
  for (const char* text : {"", "0", "-1", "inf", "nan", "1 kg"}) {
    EXPECT_EQ(refusal_of(kClassifyWeightKey, text, file_),
              "m: its classify_weight is '" + std::string(text) + "', expected a positive number");
  }
  file_.metadata[kClassifyWeightKey] = "0.125";
  EXPECT_EQ(model_of({file_, "m", {}}).classify_weight, 0.125);
}

TEST_F(ModelTest, KnowsHowOftenLabelsWereDropped) {
  EXPECT_FALSE(model_of({file_, "m", {}}).label_dropout);
  for (const char* text : {"", "-1", "1.5", "nan", "1 kg"}) {
    EXPECT_EQ(refusal_of(kLabelDropoutKey, text, file_),
              "m: its label_dropout is '" + std::string(text) + "', expected a number from 0 to 1");
  }
  for (const char* text : {"0", "0.125", "1"}) {
    file_.metadata[kLabelDropoutKey] = text;
    EXPECT_EQ(model_of({file_, "m", {}}).label_dropout, std::stod(text));
  }
}

// What was written before there were classes has not a byte more.
TEST_F(ModelTest, WithoutClassesNothingIsSaidOfThem) {
  EXPECT_EQ(file_.metadata.count("class_names"), 0u);
  EXPECT_EQ(file_.metadata.at("architecture").find("classes"), std::string::npos);
  EXPECT_EQ(file_.metadata.size(), 4u);
}

TEST_F(ModelTest, IsFoundInARunAndInACheckpoint) {
  const UnwrittenFiles files{{"model.safetensors", safetensors_bytes(file_)},
                             {"state.json", std::string("{}")}};
  write_checkpoint(folder_ / "checkpoints", 5, files);
  for (const fs::path& path : {folder_, folder_ / "checkpoints" / "000005"}) {
    const Model model = read_model(path, {});
    EXPECT_EQ(model.origin, (folder_ / "checkpoints/000005/model.safetensors").string());
    EXPECT_TRUE(model.checkpoint.contains("state.json"));
  }
}

TEST_F(ModelTest, WhatIsNoModelIsNamed) {
  const auto code_of = [](const fs::path& path) {
    try {
      read_model(path, [](const std::string&) {});
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of(folder_ / "absent"), ErrorCode::kNoInput);
  EXPECT_EQ(code_of(folder_), ErrorCode::kBadData);
  std::ofstream(folder_ / "text") << "hello";
  EXPECT_EQ(code_of(folder_ / "text"), ErrorCode::kBadData);
  SafetensorsFile plain{.tensors = file_.tensors, .metadata = {}};
  write_safetensors(folder_ / "plain", plain);
  EXPECT_EQ(code_of(folder_ / "plain"), ErrorCode::kBadData);
  SafetensorsFile bad = file_;
  bad.metadata["sampler"] = "n_steps = 5";
  write_safetensors(folder_ / "bad", bad);
  EXPECT_EQ(code_of(folder_ / "bad"), ErrorCode::kBadData);
  fs::create_directories(folder_ / "checkpoints");
  EXPECT_EQ(code_of(folder_), ErrorCode::kNoInput);
  EXPECT_EQ(code_of(folder_ / std::string(300, 'n')), ErrorCode::kNoInput);
}

TEST_F(ModelTest, ASamplerThatIsNoneIsRefused) {
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "a.";
  const std::string sound = "n_steps = 5\nstep_size = 1\nnoise_scale = 0.1\n";
  const auto refusal = [&](const std::string& sampler) {
    return refusal_of("sampler", sampler, file_);
  };
  EXPECT_EQ(refusal(sound), "");
  EXPECT_EQ(refusal(sound + deep + "a = 1"),
            "m (sampler):4: not TOML: a key of more than 17 parts");
  EXPECT_EQ(
      refusal("n_steps = 5\nstep_size = 1e39\nnoise_scale = 0"),
      "m: its sampler is wrong: step_size = 1e+39: must be of a size from 1.2e-38 to 3.4e+38, "
      "as it is computed in float32");
  EXPECT_EQ(refusal(sound + "clamp_energy_grad = nan"),
            "m: its sampler has clamp_energy_grad = nan, which is no finite float");
  EXPECT_EQ(refusal("step_size = 1\nnoise_scale = 0"), "m: its sampler has n_steps = 0");
  EXPECT_EQ(refusal("n_steps = 1e300\nstep_size = 1\nnoise_scale = 0"),
            "m: its sampler has n_steps = 0");
  EXPECT_NE(refusal(sound + "box = [1, 0]").find("m: its sampler is wrong: "), std::string::npos);
  for (const char* box : {"box = 1", "box = [1]", "box = [0, 1, 2]"}) {
    EXPECT_EQ(refusal(sound + box), "m: its sampler has a box that is no pair of numbers");
  }
  EXPECT_EQ(refusal(sound + "box = ['a', 1]"), "m: its sampler has no box[0]");
  EXPECT_EQ(refusal(sound + "precision = 'fp8'"),
            "m: its sampler is wrong: precision = fp8: must be one of f32, bf16");
  EXPECT_NE(refusal(sound + "precision = 16"), "");
}

}  // namespace
}  // namespace ebm::nets
