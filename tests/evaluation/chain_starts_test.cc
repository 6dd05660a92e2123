#include "evaluation/chain_starts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "data/formats/npy.h"
#include "data/load_dataset.h"
#include "nets/files/safetensors.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using Rows = std::vector<float>;

constexpr samplers::Box kBox{-1.0f, 1.0f};
constexpr data::ItemShape kShape{2, 1, 1};

/// A checkpoint whose buffer has room for three chains and holds `size` of them.
nets::CheckpointFiles checkpoint_of(nets::TensorData items, std::int64_t size) {
  nets::SafetensorsFile file;
  file.tensors.emplace("items", std::move(items));
  file.tensors.emplace("counters",
                       nets::TensorData::from_int64s({3}, std::vector<std::int64_t>{size, 0, 0}));
  return {{"replay.safetensors", nets::safetensors_bytes(file)}};
}

class ChainStartsTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  Rows starts(StartKind kind, std::int64_t n, const nets::CheckpointFiles& checkpoint = {},
              const std::string& data = "") const {
    return chain_starts({.kind = kind, .file = path_, .data = data, .n = n, .seed = 1}, kShape,
                        kBox, checkpoint);
  }

  const std::string path_ = testing::TempDir() + "chain_starts_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".npy";
};

TEST_F(ChainStartsTest, NoiseIsInTheBoxAndDependsOnTheSeed) {
  const Rows rows = starts(StartKind::kNoise, 500);
  ASSERT_EQ(rows.size(), 1000u);
  double mean = 0.0;
  for (const float x : rows) {
    EXPECT_LE(std::abs(x), 1.0f);
    mean += x / 1000.0;
  }
  EXPECT_NEAR(mean, 0.0, 5.0 / std::sqrt(3.0 * 1000.0));  // the sd of U(−1, 1) is 1/√3
  EXPECT_EQ(starts(StartKind::kNoise, 500), rows);
  EXPECT_NE(chain_starts({.kind = StartKind::kNoise, .n = 500, .seed = 2}, kShape, kBox, {}), rows);
  nets::expect_error(ErrorCode::kUsage, "the box, which has no end", [] {
    chain_starts({.kind = StartKind::kNoise, .n = 1, .seed = 1}, kShape,
                 samplers::Box{0.0f, INFINITY}, {});
  });
}

TEST_F(ChainStartsTest, AReplayBufferIsTakenInOrderAndRepeated) {
  const Rows items{0.1f, 0.2f, 0.3f, 0.4f, 9.0f, 9.0f};
  const auto files = checkpoint_of(nets::TensorData::from_floats({3, 2}, items), 2);
  EXPECT_EQ(replay_size(files), 2);
  EXPECT_EQ(starts(StartKind::kReplay, 3, files), (Rows{0.1f, 0.2f, 0.3f, 0.4f, 0.1f, 0.2f}));
  EXPECT_EQ(starts(StartKind::kReplay, 1, files), (Rows{0.1f, 0.2f}));
}

TEST_F(ChainStartsTest, BytesOfAReplayBufferAreTheMiddlesOfTheirBins) {
  const std::vector<std::uint8_t> items{0, 255, 127, 128};
  const auto files = checkpoint_of(nets::TensorData::from_bytes({2, 2}, items), 2);
  const float half = 1.0f / 256.0f;
  EXPECT_EQ(starts(StartKind::kReplay, 2, files), (Rows{-1.0f + half, 1.0f - half, -half, half}));
}

TEST_F(ChainStartsTest, ChainsOfALabelStartFromItsOwnInTurn) {
  nets::SafetensorsFile file;
  file.tensors.emplace(
      "items", nets::TensorData::from_floats({4, 2}, Rows{0.1f, 0, 0.2f, 0, 0.3f, 0, 0.9f, 0}));
  // The fourth is no chain yet; the second number is a level of noise.
  file.tensors.emplace("context",
                       nets::TensorData::from_floats({4, 2}, Rows{2, 1, 0, 1, 2, 1, 5, 1}));
  file.tensors.emplace("counters",
                       nets::TensorData::from_int64s({3}, std::vector<std::int64_t>{3, 0, 0}));
  const nets::CheckpointFiles files{{"replay.safetensors", nets::safetensors_bytes(file)}};
  const auto of_labels = [&](Rows labels) {
    const auto n = static_cast<std::int64_t>(labels.size());
    return chain_starts(
        {.kind = StartKind::kReplay, .n = n, .seed = 1, .labels = std::move(labels)}, kShape, kBox,
        files);
  };
  EXPECT_EQ(of_labels({2, 0, 2, 2, kAnyLabel, kAnyLabel, 0}),
            (Rows{0.1f, 0, 0.2f, 0, 0.3f, 0, 0.1f, 0, 0.1f, 0, 0.2f, 0, 0.2f, 0}));
  nets::expect_error(ErrorCode::kUsage, "the replay buffer has nothing of label 5", [&] {
    of_labels({2, 5});
  });
  nets::expect_error(ErrorCode::kUsage, "it has no labels", [&] {
    chain_starts({.kind = StartKind::kReplay, .n = 1, .seed = 1, .labels = {0}}, kShape, kBox,
                 checkpoint_of(nets::TensorData::from_floats({1, 2}, Rows{0, 0}), 1));
  });
}

TEST_F(ChainStartsTest, DataOfALabelOfTheModel) {
  // The model counts the classes of the data from the other end.
  const auto reversed = [](const data::Dataset& dataset) {
    std::vector<std::int32_t> labels = dataset.labels;
    for (std::int32_t& label : labels) label = 7 - label;
    return labels;
  };
  const Rows rows = chain_starts({.kind = StartKind::kData,
                                  .data = "toy:8gaussians#limit=400",
                                  .n = 1,
                                  .seed = 1,
                                  .labels = {7},
                                  .labels_of_data = reversed},
                                 kShape, std::nullopt, {});
  EXPECT_LT(std::hypot(rows[0] - 1.0, double{rows[1]}), 0.7);
}

TEST_F(ChainStartsTest, DataNeedNoLabelsWhereNobodyAsksForOne) {
  data::write_npy(path_, Rows{0.25f, 0.5f}, std::vector<std::int64_t>{1, 2});
  const auto refuse = [](const data::Dataset&) -> std::vector<std::int32_t> {
    throw Error(ErrorCode::kBadData, "no labels");
  };
  ChainStartOptions options{.kind = StartKind::kData,
                            .data = "npy:" + path_,
                            .n = 2,
                            .seed = 1,
                            .labels = {kAnyLabel, kAnyLabel},
                            .labels_of_data = refuse};
  EXPECT_EQ(chain_starts(options, kShape, std::nullopt, {}), (Rows{0.25f, 0.5f, 0.25f, 0.5f}));
  options.labels[1] = 0;
  EXPECT_THROW(chain_starts(options, kShape, std::nullopt, {}), Error);
}

TEST_F(ChainStartsTest, ItemsOfLabelledDataBringTheirLabels) {
  const std::string spec = "toy:8gaussians#limit=3";
  const data::Dataset dataset = data::load_dataset(spec);
  const LabelledStarts starts = labelled_starts(
      {.kind = StartKind::kData, .data = spec, .n = 5, .seed = 1}, kShape, std::nullopt, {});
  const auto& labels = dataset.labels;
  EXPECT_EQ(starts.labels,
            (std::vector<std::int64_t>{labels[0], labels[1], labels[2], labels[0], labels[1]}));
  const auto& values = std::get<std::vector<float>>(dataset.values);
  Rows rows = values;
  rows.insert(rows.end(), values.begin(), values.begin() + 4);
  EXPECT_EQ(starts.rows, rows);
  const LabelledStarts of_one = labelled_starts({.kind = StartKind::kData,
                                                 .data = "toy:8gaussians#limit=100",
                                                 .n = 2,
                                                 .seed = 1,
                                                 .labels = {6, 6}},
                                                kShape, std::nullopt, {});
  EXPECT_EQ(of_one.labels, (std::vector<std::int64_t>{6, 6}));
  EXPECT_TRUE(labelled_starts({.kind = StartKind::kNoise, .n = 2, .seed = 1}, kShape, kBox, {})
                  .labels.empty());
}

TEST_F(ChainStartsTest, DataOfALabel) {
  const Rows labels{5, 0, 5, 5};
  const Rows rows = chain_starts({.kind = StartKind::kData,
                                  .data = "toy:8gaussians#limit=400",
                                  .n = 4,
                                  .seed = 1,
                                  .labels = labels},
                                 kShape, std::nullopt, {});
  for (std::size_t i = 0; i < 4; ++i) {
    const double angle = M_PI * labels[i] / 4;
    EXPECT_LT(std::hypot(rows[2 * i] - std::cos(angle), rows[2 * i + 1] - std::sin(angle)), 0.7)
        << i;
  }
  EXPECT_NE(rows[0], rows[4]);
}

TEST_F(ChainStartsTest, AReplayBufferThatDoesNotFitIsRefused) {
  EXPECT_EQ(replay_size({}), 0);
  nets::expect_error(ErrorCode::kUsage, "the model has no replay buffer",
                     [&] { starts(StartKind::kReplay, 1); });
  const Rows items(6, 0.0f);
  nets::expect_error(ErrorCode::kUsage, "the replay buffer is still empty", [&] {
    starts(StartKind::kReplay, 1, checkpoint_of(nets::TensorData::from_floats({3, 2}, items), 0));
  });
  nets::expect_error(ErrorCode::kBadData, "is no buffer of states of 2x1x1", [&] {
    starts(StartKind::kReplay, 1, checkpoint_of(nets::TensorData::from_floats({2, 3}, items), 2));
  });
  nets::expect_error(ErrorCode::kBadData, "the replay buffer holds 7 in row 1", [&] {
    const Rows outside{0, 0, 7, 0, 0, 0};
    starts(StartKind::kReplay, 2, checkpoint_of(nets::TensorData::from_floats({3, 2}, outside), 2));
  });
}

TEST_F(ChainStartsTest, RowsOfAFileAreRepeated) {
  data::write_npy(path_, Rows{0.5f, -0.5f, 1.0f, -1.0f}, std::vector<std::int64_t>{2, 2});
  EXPECT_EQ(starts(StartKind::kFile, 3), (Rows{0.5f, -0.5f, 1.0f, -1.0f, 0.5f, -0.5f}));
  EXPECT_EQ(starts(StartKind::kData, 1, {}, "npy:" + path_), (Rows{0.5f, -0.5f}));
}

TEST_F(ChainStartsTest, AFileOfOtherStatesIsRefused) {
  data::write_npy(path_, Rows{0, 0, 0}, std::vector<std::int64_t>{1, 3});
  nets::expect_error(ErrorCode::kShape, "holds 3 values; expected rows of 2x1x1",
                     [&] { starts(StartKind::kFile, 1); });
  data::write_npy(path_, Rows{0, 0, 0, NAN}, std::vector<std::int64_t>{2, 2});
  nets::expect_error(ErrorCode::kBadData, "holds nan in row 1; expected values from -1 to 1",
                     [&] { starts(StartKind::kFile, 1); });
}

TEST_F(ChainStartsTest, DataNeedASpec) {
  nets::expect_error(ErrorCode::kUsage, "needs --data SPEC", [&] { starts(StartKind::kData, 1); });
}

TEST(ParseChainStartTest, IsAWordOrAFile) {
  EXPECT_EQ(parse_chain_start("noise").kind, StartKind::kNoise);
  EXPECT_EQ(parse_chain_start("replay").kind, StartKind::kReplay);
  EXPECT_EQ(parse_chain_start("data").kind, StartKind::kData);
  EXPECT_EQ(parse_chain_start("runs/noise.npy").kind, StartKind::kFile);
  EXPECT_EQ(parse_chain_start("runs/noise.npy").file, "runs/noise.npy");
}

TEST(ParseChainStartTest, AnythingElseIsRefused) {
  for (const std::string text : {"", "noises", "Data", "x.csv"}) {
    nets::expect_error(ErrorCode::kUsage,
                       "init = " + text + ": must be noise, replay, data or FILE.npy",
                       [&] { parse_chain_start(text); });
  }
}

TEST(LabelsOfStartsTest, ChainsOfNoClassStartAnywhere) {
  const Rows labels{2.0f, 3.0f, 0.0f};
  EXPECT_EQ(labels_of_starts(StartKind::kData, labels, 3), (Rows{2.0f, kAnyLabel, 0.0f}));
  EXPECT_EQ(labels_of_starts(StartKind::kReplay, labels, 4), labels);
  EXPECT_TRUE(labels_of_starts(StartKind::kNoise, labels, 3).empty());
  EXPECT_TRUE(labels_of_starts(StartKind::kFile, labels, 3).empty());
  EXPECT_TRUE(labels_of_starts(StartKind::kData, {}, 3).empty());
}

}  // namespace
}  // namespace ebm::evaluation
