#include "nets/architecture/presets.h"

#include <gtest/gtest.h>

#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

TEST(PresetTest, UvaHasThePublishedSizes) {
  const Architecture net = preset("uva", {1, 28, 28});
  const std::vector<Shape> shapes = infer_shapes(net);
  EXPECT_EQ(shapes[0], (Shape{16, 16, 16}));
  EXPECT_EQ(shapes[8], (Shape{256, 1, 1}));
  // (25+1)·16, (16·9+1)·32, (32·9+1)·64, (64·9+1)·64, (256+1)·64, 64+1
  EXPECT_EQ(n_parameters(net), 416 + 4640 + 18496 + 36928 + 16448 + 65);
  // 16²·16·25, 8²·32·144, 4²·64·288, 2²·64·576, 256·64, 64: 0.86 M
  EXPECT_EQ(multiply_adds(net), 102400 + 294912 + 294912 + 147456 + 16384 + 64);
}

TEST(PresetTest, UvaWideHasMoreOfThem) {
  const Architecture net = preset("uva-wide", {1, 28, 28});
  // (25+1)·32, (32·9+1)·64, (64·9+1)·64, (64·9+1)·128, (512+1)·128, 128+1
  EXPECT_EQ(n_parameters(net), 832 + 18496 + 36928 + 73856 + 65664 + 129);
  // 16²·32·25, 8²·64·288, 4²·64·576, 2²·128·576, 512·128, 128: 2.3 M
  EXPECT_EQ(multiply_adds(net), 204800 + 1179648 + 589824 + 294912 + 65536 + 128);
}

TEST(PresetTest, MnistnetPadsAsTensorFlowDoes) {
  const Architecture net = preset("mnistnet", {1, 28, 28});
  const std::vector<Shape> shapes = infer_shapes(net);
  EXPECT_EQ(shapes[0], (Shape{64, 28, 28}));
  EXPECT_EQ(shapes[2], (Shape{64, 14, 14}));
  EXPECT_EQ(shapes[4], (Shape{128, 7, 7}));
  EXPECT_EQ(shapes[6], (Shape{256, 4, 4}));
  EXPECT_EQ(shapes[8], (Shape{4096, 1, 1}));
  EXPECT_EQ(std::get<Conv2d>(net.layers[2].op).padding, (Padding{1, 1, 1, 1}));
  EXPECT_EQ(std::get<Conv2d>(net.layers[6].op).padding, (Padding{1, 2, 1, 2}));
  EXPECT_EQ(n_parameters(net),
            64 * 9 + 64 * 64 * 16 + 128 * 64 * 16 + 256 * 128 * 16 + (4096 + 1) * 128 + 129);
}

TEST(PresetTest, MnistnetNormalisesAllButTheLastLayer) {
  int normalised = 0, plain = 0;
  for (const Parameter& parameter : parameters(preset("mnistnet", {1, 28, 28}))) {
    if (parameter.kind != ParameterKind::kWeight) continue;
    ++(parameter.spectral_norm ? normalised : plain);
  }
  EXPECT_EQ(normalised, 5);
  EXPECT_EQ(plain, 1);
}

TEST(PresetTest, Igebm32HalvesThreeTimesAndStartsItsBlocksAsShortcuts) {
  const Architecture net = preset("igebm32", {3, 32, 32});
  const std::vector<Shape> shapes = infer_shapes(net);
  EXPECT_EQ(shapes[shapes.size() - 3], (Shape{256, 4, 4}));
  EXPECT_EQ(shapes[shapes.size() - 2], (Shape{256, 1, 1}));
  int small_starts = 0;
  for (const Parameter& parameter : parameters(net)) {
    if (parameter.init_scale == 1.0) continue;
    ++small_starts;
    EXPECT_EQ(parameter.init_scale, 1e-10);
    EXPECT_TRUE(parameter.name.ends_with(".body.2.weight")) << parameter.name;
    EXPECT_FALSE(parameter.spectral_norm) << "the norm would undo the small start";
  }
  EXPECT_EQ(small_starts, 6);
  const std::int64_t block128 = 2 * (128 * 128 * 9 + 128);
  const std::int64_t widening = 2 * 256 * 128 * 9 + 256 * 256 * 9 + 2 * 256;
  const std::int64_t block256 = 2 * (256 * 256 * 9 + 256);
  EXPECT_EQ(n_parameters(net), 3 * 128 * 9 + 2 * block128 + widening + 3 * block256 + 257);
}

TEST(PresetTest, DcganMirrorsItsGenerators) {
  const Architecture net = preset("dcgan", {1, 28, 28});
  EXPECT_EQ(infer_shapes(net)[2], (Shape{128, 7, 7}));
  EXPECT_EQ(n_parameters(net), 16 * 64 + 64 + 16 * 64 * 128 + 128 + 128 * 49 + 1);
  EXPECT_EQ(infer_shapes(preset("dcgan", {3, 32, 32}))[4], (Shape{256, 4, 4}));
}

TEST(PresetTest, UnetsLeadBackToTheInput) {
  const Architecture net = preset("unet", {1, 28, 28});
  const std::vector<Shape> shapes = infer_shapes(net);
  EXPECT_EQ(shapes[0], (Shape{32, 14, 14}));
  EXPECT_EQ(shapes[2], (Shape{64, 14, 14}));
  EXPECT_EQ(shapes[5], (Shape{1, 28, 28}));
  const std::int64_t body =
      (16 * 32 + 1) * 64 + 2 * (9 * 64 + 1) * 64 + 64 * 16 * 32 + 32;  // down, residual, up
  EXPECT_EQ(n_parameters(net), 16 * 32 + 32 + body + (9 * 64 + 1) * 32 + 32 * 16 + 1);
  expect_error(ErrorCode::kShape, "\"unet\" does not fit an input of 1x26x26", [] {
    preset("unet", {1, 26, 26});
  });
}

TEST(PresetTest, LargerUnetsHaveThreeSizes) {
  const Architecture net = preset("unet-1m", {1, 28, 28});
  const std::vector<Shape> shapes = infer_shapes(net);
  EXPECT_EQ(shapes[0], (Shape{32, 28, 28}));
  EXPECT_EQ(shapes[2], (Shape{64, 28, 28}));
  const auto& lower = std::get<Concat>(net.layers[2].op).body;
  const std::vector<Shape> inside = infer_shapes({"lower", shapes[0], lower});
  EXPECT_EQ(inside[0], (Shape{64, 14, 14}));
  EXPECT_EQ(inside[4], (Shape{128, 14, 14}));
  const auto& lowest = std::get<Concat>(lower[4].op).body;
  EXPECT_EQ(infer_shapes({"lowest", inside[3], lowest})[0], (Shape{128, 7, 7}));
  // Each with its biases: 3x3 of the whole size, and of half of it; 4x4 down and up; the lowest.
  const std::int64_t whole = (9 + 1) * 32 + (9 * 64 + 1) * 32 + 9 * 32 + 1;
  const std::int64_t half = 2 * (9 * 64 + 1) * 64 + (9 * 128 + 1) * 64;
  const std::int64_t down = (16 * 32 + 1) * 64 + (16 * 64 + 1) * 128;
  const std::int64_t up = (16 * 128 + 1) * 64 + (16 * 64 + 1) * 32;
  EXPECT_EQ(n_parameters(net), whole + half + down + up + 4 * (9 * 128 + 1) * 128);
  expect_error(ErrorCode::kShape, "\"unet-3m\" does not fit an input of 1x30x28", [] {
    preset("unet-3m", {1, 30, 28});
  });
}

TEST(PresetTest, UnetsWithAttentionHaveItAtTheLowestSize) {
  const Architecture net = preset("unet-attention", {1, 28, 28});
  EXPECT_EQ(infer_shapes(net)[1], (Shape{24, 28, 28}));
  const auto& lower = std::get<Concat>(net.layers[1].op).body;
  const std::vector<Shape> inside = infer_shapes({"lower", {12, 28, 28}, lower});
  const auto& lowest = std::get<Concat>(lower[2].op).body;
  EXPECT_EQ(infer_shapes({"lowest", inside[1], lowest})[2], (Shape{48, 7, 7}));
  const auto& mixing = std::get<Residual>(lowest[2].op).body;
  EXPECT_EQ(std::get<Attention>(mixing[1].op), (Attention{.heads = 4, .width = 12}));
  const auto residual = [](std::int64_t c) { return 2 * (2 * c + (9 * c + 1) * c); };
  const std::int64_t whole = (9 + 1) * 12 + (9 * 24 + 1) * 12 + 2 * 12 + 9 * 12 + 1;
  const std::int64_t half = 2 * residual(24) + (9 * 48 + 1) * 24;
  const std::int64_t least = 2 * residual(48) + 2 * 48 + 3 * 48 * 48 + (48 + 1) * 48;
  const std::int64_t down = (16 * 12 + 1) * 24 + (16 * 24 + 1) * 48;
  const std::int64_t up = (16 * 48 + 1) * 24 + (16 * 24 + 1) * 12;
  EXPECT_EQ(n_parameters(net), whole + half + least + down + up);
}

TEST(PresetTest, MlpFlattensImagesOnly) {
  EXPECT_EQ(preset("mlp", {2, 1, 1}).layers.size(), 9u);
  EXPECT_EQ(n_parameters(preset("mlp", {2, 1, 1})), 3 * 32 + 33 * 64 + 2 * 65 * 64 + 65);
  EXPECT_EQ(infer_shapes(preset("mlp", {3, 8, 8}))[0], (Shape{192, 1, 1}));
  EXPECT_EQ(n_parameters(preset("mlp-silu", {2, 1, 1})), 3 * 64 + 2 * 65 * 64 + 65);
}

TEST(PresetTest, EveryPresetFitsTheUsualImages) {
  for (const std::string& name : preset_names()) {
    for (const Shape& input : {Shape{1, 28, 28}, Shape{3, 32, 32}, Shape{3, 64, 48}}) {
      const Architecture net = preset(name, input);
      EXPECT_EQ(net.name, name);
      EXPECT_EQ(net.input, input);
    }
  }
}

TEST(PresetTest, UnknownNamesListTheKnownOnes) {
  expect_error(ErrorCode::kUsage,
               "unknown network \"mnisnet\"; known: uva, uva-wide, mnistnet, igebm32, dcgan, "
               "unet, unet-1m, unet-3m, unet-attention, unet-attention-1m, unet-attention-3m, "
               "mlp, mlp-silu; "
               "did you mean "
               "mnistnet?",
               [] {
                 preset("mnisnet", {1, 28, 28});
               });
  expect_error(ErrorCode::kShape, "\"igebm32\" does not fit an input of 3x4x4", [] {
    preset("igebm32", {3, 4, 4});
  });
}

}  // namespace
}  // namespace ebm::nets
