#include "data/data_split.h"

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

class DataSplitTest : public FilesTest {};

TEST_F(DataSplitTest, TestSplitHasTheOptionsOfTheTrainingSplit) {
  write("train-images-idx3-ubyte", idx_bytes({2, 1, 1}, "ab"));
  write("t10k-images-idx3-ubyte", idx_bytes({3, 1, 1}, "cde"));
  const std::string spec = "idx:" + folder_.string();
  const auto test = test_split_beside(spec + "#limit=1,size=2");
  ASSERT_TRUE(test);
  EXPECT_EQ(test->n, 3);
  EXPECT_EQ(test->shape, (ItemShape{1, 2, 2}));
  EXPECT_FALSE(test_split_beside(spec + "#split=test"));
  EXPECT_FALSE(test_split_beside(spec + "/train-images-idx3-ubyte"));
}

TEST_F(DataSplitTest, SetWithoutSplitsHasNone) {
  write("1.png", png_bytes({}, {1}));
  EXPECT_FALSE(test_split_beside("images:" + folder_.string()));
  EXPECT_FALSE(test_split_beside("npy:" + (folder_ / "a.npy").string()));
  EXPECT_TRUE(test_split_beside("toy:rings#limit=3"));
}

TEST_F(DataSplitTest, FaultOfTheTestSplitIsAnError) {
  write("train-images-idx3-ubyte", idx_bytes({2, 1, 1}, "ab"));
  write("t10k-images-idx3-ubyte", "no images");
  expect_error(ErrorCode::kBadData, {"t10k-images-idx3-ubyte"},
               [&] { test_split_beside("idx:" + folder_.string()); });
}

}  // namespace
}  // namespace ebm::data
