#include "models/open_model.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/model_part.h"
#include "nets/files/read_layer_weights.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::models {
namespace {

const std::vector<float> kPoints{0.25f, -1.0f, 2.0f, 0.5f};

/// The network of a toy in two dimensions, all weights 0.1.
nets::SafetensorsFile weights_of(const nets::Architecture& architecture) {
  nets::SafetensorsFile file;
  for (const nets::Parameter& parameter : nets::parameters(architecture)) {
    std::int64_t size = 1;
    for (const std::int64_t axis : parameter.shape) size *= axis;
    file.tensors.emplace(
        parameter.name,
        nets::TensorData::from_floats(parameter.shape,
                                      std::vector<float>(static_cast<std::size_t>(size), 0.1f)));
  }
  return file;
}

std::vector<float> energies_of(const samplers::Energy& energy) {
  return samplers::evaluate_rows(energy, kPoints).energy;
}

const nets::Architecture kNet = nets::preset("mlp", {2, 1, 1});
const nets::SamplerRecipe kRecipe{.langevin = {.step_size = 0.5f, .noise_scale = 1.0f},
                                  .n_steps = 77};

TEST(OpenModelTest, ANameIsAModelThatComesWithTheProgram) {
  const EnergyModel model = open_model("fashion-mnist");
  EXPECT_EQ(model.shape, (data::ItemShape{1, 28, 28}));
  EXPECT_EQ(model.energy->dim(), 784);
  EXPECT_TRUE(model.is_image);
  ASSERT_TRUE(model.settings.box);
  EXPECT_EQ(model.settings.box->low, -1.0f);
  EXPECT_EQ(model.origin, std::string(kShareDir) + "/models/fashion-mnist.safetensors");
  EXPECT_NO_THROW(samplers::make_kernel(model.settings));
}

TEST(OpenModelTest, PixelsAreParametersWithAxes) {
  const samplers::Parameters pixels = parameters_of(open_model("fashion-mnist"));
  ASSERT_EQ(pixels.variables.size(), 1u);
  EXPECT_EQ(pixels.variables[0].name, "x");
  EXPECT_EQ(pixels.variables[0].shape, (std::vector<std::int64_t>{1, 28, 28}));
  EXPECT_EQ(parameters_of(open_model("toy:funnel,dim=2")).names(),
            (std::vector<std::string>{"v", "x[1]"}));
}

TEST(OpenModelTest, ANetworkHasItsRecipe) {
  const EnergyModel model =
      open_model({nets::model_file(kNet, kRecipe, "toy:rings", weights_of(kNet)), "FILE", {}});
  EXPECT_EQ(model.n_steps, 77);
  EXPECT_EQ(model.settings.sampler, samplers::SamplerKind::kLangevin);
  EXPECT_EQ(model.settings.step_size, 0.5f);
  EXPECT_EQ(model.settings.temperature, samplers::effective_temperature(0.5f, 1.0f));
  EXPECT_FALSE(model.settings.box);
  EXPECT_FALSE(model.is_image);
  EXPECT_EQ(model.data, "toy:rings");
  EXPECT_EQ(model.origin, "FILE");
  const nets::CompiledNet net(kNet, nets::read_layer_weights(kNet, weights_of(kNet), "FILE"));
  EXPECT_EQ(energies_of(*model.energy), energies_of(net));
}

TEST(OpenModelTest, PrecisionIsThatOfTheRecipeUnlessOneIsAskedFor) {
  nets::SafetensorsFile weights = weights_of(kNet);
  const nets::LayerWeights layer_weights = nets::read_layer_weights(kNet, weights, "FILE");
  nets::SamplerRecipe recipe = kRecipe;
  for (const auto& [of_file, asked] :
       {std::pair<nets::Precision, std::optional<nets::Precision>>{nets::Precision::kFloat32, {}},
        {nets::Precision::kBfloat16, {}},
        {nets::Precision::kBfloat16, nets::Precision::kFloat32},
        {nets::Precision::kFloat32, nets::Precision::kBfloat16}}) {
    recipe.precision = of_file;
    const EnergyModel model = open_model(
        {nets::model_file(kNet, recipe, "toy:rings", weights), "FILE", {}}, {.precision = asked});
    const nets::Precision expected = asked.value_or(of_file);
    EXPECT_EQ(model.precision, expected);
    const auto other = expected == nets::Precision::kFloat32 ? nets::Precision::kBfloat16
                                                             : nets::Precision::kFloat32;
    EXPECT_EQ(energies_of(*model.energy),
              energies_of(nets::CompiledNet(kNet, layer_weights, expected)));
    EXPECT_NE(energies_of(*model.energy),
              energies_of(nets::CompiledNet(kNet, layer_weights, other)));
  }
}

TEST(OpenModelTest, ACriticIsAnEnergyAtTemperatureOne) {
  nets::SafetensorsFile file;
  nets::add_part("critic", weights_of(kNet), file);
  file.metadata["critic"] = nets::architecture_to_toml(kNet);
  file.metadata["data"] = "toy:25gaussians";
  const EnergyModel model = open_model({file, "FILE", {}});
  EXPECT_EQ(model.settings.temperature, 1.0f);
  EXPECT_EQ(model.n_steps, 1000);
  EXPECT_EQ(model.data, "toy:25gaussians");
  const nets::CompiledNet net(kNet, nets::read_layer_weights(kNet, weights_of(kNet), "FILE"));
  EXPECT_EQ(energies_of(*model.energy), energies_of(net));
}

TEST(OpenModelTest, FlowsAreOpenedByWhoCan) {
  nets::SafetensorsFile file;
  file.metadata["flow"] = "";
  try {
    open_model({file, "FILE", {}});
    FAIL() << "a flow was opened without LibTorch";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(), "FILE holds a flow: opening it needs LibTorch");
  }
  const EnergyModel opened =
      open_model({file, "FILE", {}}, {.open_flow = [](const nets::ModelFile& found) {
                   EnergyModel model;
                   model.origin = found.origin + "!";
                   return model;
                 }});
  EXPECT_EQ(opened.origin, "FILE!");
}

TEST(OpenModelTest, AnotherBackendGetsTheModel) {
  const auto stand_in = open_model("fashion-mnist").energy;
  const EnergyModel model =
      open_model({nets::model_file(kNet, kRecipe, "toy:rings", weights_of(kNet)), "FILE", {}},
                 {.make_energy = [&](const nets::Model& found) {
                   EXPECT_EQ(found.architecture, kNet);
                   return stand_in;
                 }});
  EXPECT_EQ(model.energy, stand_in);
}

}  // namespace
}  // namespace ebm::models
