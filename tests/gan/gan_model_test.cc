#include "gan/gan_model.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"

namespace ebm::gan {
namespace {

GanModel small_model() {
  const std::vector<float> values{1.0f, 2.0f};
  GanModel model{.generator = nets::generator_preset("mlp", 2, {2, 1, 1}),
                 .critic = nets::preset("mlp", {2, 1, 1}),
                 .generator_weights = {},
                 .critic_weights = {},
                 .data = "toy:8gaussians",
                 .origin = "m"};
  model.generator_weights.tensors.emplace("0.weight", nets::TensorData::from_floats({2}, values));
  model.critic_weights.tensors.emplace("0.weight", nets::TensorData::from_floats({2, 1}, values));
  return model;
}

TEST(GanModelTest, IsTheSameAfterAFile) {
  const GanModel model = small_model();
  const auto bytes = nets::safetensors_bytes(gan_file(model));
  const GanModel found = gan_model_of(nets::parse_safetensors(bytes, "m"), "m");
  EXPECT_EQ(found.generator, model.generator);
  EXPECT_EQ(found.critic, model.critic);
  EXPECT_EQ(found.data, model.data);
  ASSERT_EQ(found.generator_weights.tensors.size(), 1u);
  EXPECT_EQ(found.generator_weights.tensor("0.weight").shape, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(found.critic_weights.tensor("0.weight").shape, (std::vector<std::int64_t>{2, 1}));
}

TEST(GanModelTest, OtherFilesAreRefused) {
  auto file = gan_file(small_model());
  file.metadata.erase("critic");
  EXPECT_THROW(gan_model_of(file, "m"), Error);
  file = gan_file(small_model());
  file.tensors.emplace("other.weight", file.tensors.begin()->second);
  EXPECT_THROW(gan_model_of(file, "m"), Error);
  GanModel conditional = small_model();
  conditional.critic = nets::with_classes(conditional.critic, 3, nets::ClassCondition::kProjection);
  EXPECT_THROW(gan_model_of(gan_file(conditional), "m"), Error);
}

}  // namespace
}  // namespace ebm::gan
