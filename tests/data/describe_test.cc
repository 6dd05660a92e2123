#include "data/describe.h"

#include <cmath>

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

TEST(DescribeTest, BytesHaveBothUnitsAndCountedClasses) {
  Dataset dataset;
  dataset.name = "x";
  dataset.n = 3;
  dataset.shape = {1, 1, 2};
  dataset.values = std::vector<std::uint8_t>{0, 255, 0, 255, 51, 204};
  dataset.labels = {2, 0, 2};
  dataset.class_names = {"a", "b"};
  const DatasetSummary summary = describe(dataset);
  EXPECT_EQ(summary.n, 3);
  EXPECT_EQ(summary.shape, dataset.shape);
  EXPECT_EQ(summary.kind, "uint8");
  EXPECT_EQ(summary.stored.min, 0);
  EXPECT_EQ(summary.stored.max, 255);
  EXPECT_DOUBLE_EQ(summary.stored.mean, 127.5);
  // Deviations 127.5 four times and 76.5 twice: (4·16256.25 + 2·5852.25)/6.
  EXPECT_DOUBLE_EQ(summary.stored.sd, std::sqrt(12788.25));
  EXPECT_EQ(summary.scaled.min, -1);
  EXPECT_EQ(summary.scaled.max, 1);
  EXPECT_DOUBLE_EQ(summary.scaled.mean, 0);
  EXPECT_DOUBLE_EQ(summary.scaled.sd, std::sqrt(12788.25) / 127.5);
  ASSERT_EQ(summary.classes.size(), 3u);
  EXPECT_EQ(summary.classes[0].name, "a");
  EXPECT_EQ(summary.classes[0].n, 1);
  EXPECT_EQ(summary.classes[1].n, 0);
  EXPECT_EQ(summary.classes[2].label, 2);
  EXPECT_EQ(summary.classes[2].name, "");
  EXPECT_EQ(summary.classes[2].n, 2);
}

TEST(DescribeTest, FloatsAreDescribedAsTheyAre) {
  Dataset dataset;
  dataset.n = 2;
  dataset.shape = {2, 1, 1};
  dataset.is_image = false;
  dataset.values = std::vector<float>{-3, 1, 1, 5};
  const DatasetSummary summary = describe(dataset);
  EXPECT_EQ(summary.kind, "float32");
  EXPECT_FALSE(summary.is_image);
  EXPECT_EQ(summary.scaled.min, -3);
  EXPECT_EQ(summary.scaled.max, 5);
  EXPECT_DOUBLE_EQ(summary.scaled.mean, 1);
  EXPECT_DOUBLE_EQ(summary.scaled.sd, std::sqrt(8.0));
  EXPECT_TRUE(summary.classes.empty());
}

TEST(DescribeTest, EmptySetIsAnError) {
  expect_error(ErrorCode::kShape, {"no values"}, [] { describe(Dataset{}); });
}

}  // namespace
}  // namespace ebm::data
