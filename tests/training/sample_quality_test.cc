#include "training/sample_quality.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/evaluation/two_values.h"
#include "tests/nets/expect_error.h"

namespace ebm::training {
namespace {

std::shared_ptr<const evaluation::FeatureExtractor> open_two_values(
    const std::filesystem::path& file, const nets::Shape& input) {
  EXPECT_EQ(file, "features.pt");
  EXPECT_EQ(input, (nets::Shape{1, 2, 2}));
  return std::make_shared<evaluation::TwoValues>();
}

TEST(SampleQualityTest, TorchScriptIsOpenedByTheProgramThatCan) {
  const data::Dataset images = evaluation::some_images();
  const evaluation::LiveQualityOptions options{.n = 200, .seed = 3};
  const auto opened = open_quality("features.pt", "data = waves", options, images, open_two_values);
  const evaluation::LiveQuality direct(std::make_shared<evaluation::TwoValues>(), images, options);
  EXPECT_EQ(opened.fingerprint(), direct.fingerprint());
  nets::expect_error(ErrorCode::kUsage, "features = features.pt: TorchScript needs LibTorch",
                     [&] { open_quality("features.pt", "", options, images, nullptr); });
}

TEST(SampleQualityTest, WhatHasNoFeaturesIsRefused) {
  data::Dataset images = evaluation::some_images();
  nets::expect_error(ErrorCode::kUsage, "no features come with the program for images of 1x2x2",
                     [&] { open_quality("", "", {}, images, nullptr); });
  nets::expect_error(ErrorCode::kNoInput, "nosuch.safetensors",
                     [&] { open_quality("nosuch.safetensors", "", {}, images, nullptr); });
  images.is_image = false;
  nets::expect_error(ErrorCode::kUsage,
                     "eval_budget = 0.1: must be left out, as waves holds points, which have no "
                     "features",
                     [&] { open_quality("", "eval_budget = 0.1", {}, images, nullptr); });
}

}  // namespace
}  // namespace ebm::training
