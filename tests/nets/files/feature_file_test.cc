#include "nets/files/feature_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "nets/architecture/classifier_presets.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {
namespace fs = std::filesystem;

class FeatureFileTest : public testing::Test {
 protected:
  FeatureFileTest() {
    file_.architecture = classifier_preset({1, 28, 28}, 10);
    file_.feature_layers = penultimate_layers(file_.architecture);
    file_.test_accuracy = 0.9125;
    file_.data = "fashion-mnist#split=train";
    file_.seed = 18446744073709551615u;
    file_.epochs = 3;
    file_.weights.tensors.emplace("x", TensorData::from_floats({1}, std::vector<float>{2.0f}));
  }
  void TearDown() override { fs::remove(path_); }

  FeatureFile file_;
  const fs::path path_ =
      fs::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".safetensors");
};

TEST_F(FeatureFileTest, IsReadAsItWasWritten) {
  write_safetensors(path_, to_safetensors(file_));
  const FeatureFile again = read_feature_file(path_);
  EXPECT_EQ(again.architecture, file_.architecture);
  EXPECT_EQ(again.feature_layers, 12);
  EXPECT_EQ(again.test_accuracy, 0.9125);
  EXPECT_EQ(again.data, file_.data);
  EXPECT_EQ(again.seed, file_.seed);
  EXPECT_EQ(again.epochs, 3);
  EXPECT_EQ(again.crc32.size(), 8u);
  EXPECT_EQ(again.layer_text(), "layer 11 (relu), 64 values");
}

TEST_F(FeatureFileTest, NamesWhatIsMissingOrOutOfRange) {
  SafetensorsFile file = to_safetensors(file_);
  file.metadata.erase("test_accuracy");
  write_safetensors(path_, file);
  expect_error(ErrorCode::kBadData, "has no test_accuracy", [&] { read_feature_file(path_); });
  for (const char* layers : {"0", "14", "two"}) {
    file = to_safetensors(file_);
    file.metadata["feature_layers"] = layers;
    write_safetensors(path_, file);
    expect_error(ErrorCode::kBadData, "its feature_layers is", [&] { read_feature_file(path_); });
  }
  file_.architecture.classes = 10;
  file_.architecture.layers.emplace_back(ClassLogits{});
  write_safetensors(path_, to_safetensors(file_));
  expect_error(ErrorCode::kShape, "takes no classes", [&] { read_feature_file(path_); });
  expect_error(ErrorCode::kNoInput, "nowhere", [&] { read_feature_file("nowhere.safetensors"); });
}

}  // namespace
}  // namespace ebm::nets
