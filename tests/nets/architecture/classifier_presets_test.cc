#include "nets/architecture/classifier_presets.h"

#include <gtest/gtest.h>

#include "nets/files/feature_file.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

TEST(ClassifierPresetTest, HasTheStatedSizes) {
  const Architecture grey = classifier_preset({1, 28, 28}, 10);
  EXPECT_EQ(grey.name, "features28");
  // (9+1)·16, (16·9+1)·32, (32·9+1)·64, (576+1)·64, (64+1)·10
  EXPECT_EQ(n_parameters(grey), 160 + 4640 + 18496 + 36928 + 650);
  EXPECT_EQ(multiply_adds(grey),
            28 * 28 * 9 * 16 + 14 * 14 * 144 * 32 + 7 * 7 * 288 * 64 + 576 * 64 + 64 * 10);
  const Architecture colour = classifier_preset({3, 32, 32}, 7);
  EXPECT_EQ(colour.name, "features32");
  EXPECT_EQ(infer_shapes(colour).back(), (Shape{7, 1, 1}));
}

TEST(ClassifierPresetTest, FeaturesAreThePenultimateActivations) {
  for (const Shape& input : {Shape{1, 28, 28}, Shape{3, 32, 32}}) {
    const Architecture net = classifier_preset(input, 10);
    const std::int64_t n = penultimate_layers(net);
    EXPECT_EQ(infer_shapes(net)[static_cast<std::size_t>(n - 1)], (Shape{64, 1, 1}));
  }
}

TEST(ClassifierPresetTest, RefusesOtherImagesAndASingleClass) {
  expect_error(ErrorCode::kShape, "1x27x28", [&] { classifier_preset({1, 27, 28}, 10); });
  expect_error(ErrorCode::kUsage, "n_classes = 1", [&] { classifier_preset({1, 28, 28}, 1); });
}

}  // namespace
}  // namespace ebm::nets
