#include "nets/architecture/generator_presets.h"

#include <gtest/gtest.h>

#include "nets/compiled/compiled_net.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

TEST(GeneratorPresetsTest, MakeWhatTheyAreFor) {
  for (const std::string& name : generator_preset_names()) {
    std::vector<Shape> outputs{{1, 28, 28}, {3, 28, 28}};
    if (name.ends_with("32")) outputs = {{3, 32, 32}, {1, 32, 32}};
    if (name == "mlp") outputs.push_back({2, 1, 1});
    for (const Shape& output : outputs) {
      const Architecture generator = generator_preset(name, 64, output);
      EXPECT_EQ(generator.input, (Shape{64, 1, 1}));
      EXPECT_EQ(infer_shapes(generator).back(), output) << name;
      const auto* last = std::get_if<Activation>(&generator.layers.back().op);
      EXPECT_EQ(last != nullptr && last->kind == ActivationKind::kTanh, output.height > 1) << name;
    }
  }
}

TEST(GeneratorPresetsTest, HaveTheirSizes) {
  // Linear, norm, transposed convolution, norm, transposed convolution.
  const std::int64_t dcgan = 64 * 6272 + 6272 + 2 * 128 + 128 * 64 * 16 + 64 + 2 * 64 + 64 * 16 + 1;
  EXPECT_EQ(n_parameters(generator_preset("dcgan28", 64, {1, 28, 28})), dcgan);
  const std::int64_t conv = 64 * 64 * 9 + 64, norm = 2 * 64;
  const std::int64_t resnet = 64 * 3136 + 3136 + 2 * (2 * conv + 2 * norm) + norm + 64 * 9 + 1;
  EXPECT_EQ(n_parameters(generator_preset("resnet28", 64, {1, 28, 28})), resnet);
  // Each of five norms has two networks 64-32-64 in place of its two vectors.
  const std::int64_t modulation = 2 * (64 * 32 + 32 + 32 * 64 + 64);
  EXPECT_EQ(n_parameters(generator_preset("selfmod28", 64, {1, 28, 28})),
            resnet + 5 * (modulation - norm));
}

TEST(GeneratorPresetsTest, RefuseWhatTheyDoNotMake) {
  expect_error(ErrorCode::kUsage, "generator = \"dcgan\": must be one of mlp, dcgan28", [] {
    generator_preset("dcgan", 64, {1, 28, 28});
  });
  expect_error(ErrorCode::kShape,
               "generator = dcgan28: makes images of 28x28; the data are 3x32x32", [] {
                 generator_preset("dcgan28", 64, {3, 32, 32});
               });
  expect_error(ErrorCode::kShape, "generator = resnet32: makes images of 32x32; the data are 2x1x1",
               [] {
                 generator_preset("resnet32", 64, {2, 1, 1});
               });
  expect_error(ErrorCode::kUsage, "latent_dim = 0", [] { generator_preset("mlp", 0, {2, 1, 1}); });
}

}  // namespace
}  // namespace ebm::nets
