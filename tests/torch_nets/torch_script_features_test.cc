#include "torch_nets/torch_script_features.h"

#include <gtest/gtest.h>
#include <torch/script.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::torch_nets {
namespace {
namespace fs = std::filesystem;

class TorchScriptFeaturesTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove(path_); }
  void write(const std::string& forward, std::int64_t image_size = 0) {
    torch::jit::Module module("features");
    if (image_size > 0) module.register_attribute("image_size", c10::IntType::get(), image_size);
    module.define(forward);
    module.save(path_.string());
  }
  std::vector<float> features(std::int64_t n_threads = 1) {
    return torch_script_features(path_, {1, 2, 2})
        ->features_of(rows_, "rows", static_cast<int>(n_threads))
        .values;
  }

  const fs::path path_ =
      fs::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".pt");
  std::vector<float> rows_{-1, 0, 0.5, 1, 1, -1, 1, -1};
};

TEST_F(TorchScriptFeaturesTest, ForwardGetsTheImagesAsTheyAre) {
  write("def forward(self, x):\n  return x.flatten(1)[:, 1:]\n");
  EXPECT_EQ(features(), (std::vector<float>{0, 0.5, 1, -1, 1, -1}));
  EXPECT_EQ(torch_script_features(path_, {1, 2, 2})->n_classes(), 0);
}

TEST_F(TorchScriptFeaturesTest, ReturnFeaturesMeansColourAndGreyLevels) {
  write(
      "def forward(self, x, return_features: bool = False):\n"
      "  if return_features:\n"
      "    return x.flatten(2)[:, :, 0]\n"
      "  return x.flatten(2)[:, :, 1]\n");
  EXPECT_EQ(features(), (std::vector<float>{0, 0, 0, 255, 255, 255}));
}

TEST_F(TorchScriptFeaturesTest, ImageSizeResizes) {
  write("def forward(self, x):\n  return x.flatten(1)\n", 4);
  const auto found = features();
  ASSERT_EQ(found.size(), 2u * 16);
  EXPECT_EQ(found[0], -1.0f);  // corners stay
  EXPECT_EQ(found[15], 1.0f);
  EXPECT_EQ(found[1], -0.75f);  // a quarter of the way from -1 to 0
}

TEST_F(TorchScriptFeaturesTest, BitsDoNotDependOnThreads) {
  write("def forward(self, x):\n  return torch.tanh(x.flatten(1) * 3.0 + 0.1)\n");
  rows_.resize(4 * 200);
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i] = static_cast<float>(i) / 800.0f;
  const auto reference = features();
  EXPECT_EQ(features(2), reference);
  EXPECT_EQ(features(7), reference);
}

TEST_F(TorchScriptFeaturesTest, WhatIsNoneIsRefusedInALine) {
  std::ofstream(path_) << "hello";
  nets::expect_error(ErrorCode::kBadData, "is no TorchScript", [&] { features(); });
  nets::expect_error(ErrorCode::kNoInput, "nowhere.pt", [] {
    torch_script_features("nowhere.pt", {1, 2, 2});
  });
  write("def forward(self, x):\n  return x.reshape(7, 1)\n");
  nets::expect_error(ErrorCode::kBadData, "cannot be used on these images", [&] { features(); });
  write("def forward(self, x):\n  return x\n");
  nets::expect_error(ErrorCode::kBadData, "makes no matrix", [&] { features(); });
}

}  // namespace
}  // namespace ebm::torch_nets
