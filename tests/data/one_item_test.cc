#include "data/one_item.h"

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

class OneItemTest : public FilesTest {};

TEST_F(OneItemTest, AFileOrAnItemOfASetIsOneState) {
  const std::string picture = write("a.png", png_bytes({}, {255})).string();
  EXPECT_EQ(read_one_item(picture, "from", {1, 1, 1}).values, std::vector<float>{1.0f});
  write("set-images-idx3-ubyte", idx_bytes({2, 1, 2}, {"\0\xff\xff\xff", 4}));
  const std::string set = "idx:" + (folder_ / "set-images-idx3-ubyte").string();
  EXPECT_EQ(read_one_item(set + "#item=0", "from", {1, 1, 2}).values,
            (std::vector<float>{-1.0f, 1.0f}));
  expect_error(ErrorCode::kUsage, {"from = " + set + ": has 2 items", "add #item=K"}, [&] {
    read_one_item(set, "from", {1, 1, 2});
  });
  expect_error(ErrorCode::kUsage, {"has 2 items", "add ,item=K"}, [&] {
    read_one_item(set + "#limit=2", "to", {1, 1, 2});
  });
  expect_error(ErrorCode::kShape, {"1x1x2", "1x28x28"}, [&] {
    read_one_item(set + "#item=0", "to", {1, 28, 28});
  });
  expect_error(ErrorCode::kNoInput, {"no such file: gone.png"}, [&] {
    read_one_item("gone.png", "to", {1, 1, 1});
  });
}

TEST_F(OneItemTest, APointIsItsCoordinates) {
  EXPECT_EQ(read_one_item("-1,0.5", "from", {2, 1, 1}).values, (std::vector<float>{-1.0f, 0.5f}));
  EXPECT_EQ(read_one_item("3", "from", {1, 1, 1}).values, std::vector<float>{3.0f});
  expect_error(ErrorCode::kUsage, {"to = 1,2,3: has 3 coordinates, must have 2"}, [] {
    read_one_item("1,2,3", "to", {2, 1, 1});
  });
  expect_error(ErrorCode::kUsage, {"to = 1,inf: must be finite"}, [] {
    read_one_item("1,inf", "to", {2, 1, 1});
  });
  expect_error(ErrorCode::kUsage, {"to = 1,2: must be an image"}, [] {
    read_one_item("1,2", "to", {1, 28, 28});
  });
}

}  // namespace
}  // namespace ebm::data
