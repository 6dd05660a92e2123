#include "data/formats/channel_order.h"

#include "data/formats/idx_dataset.h"
#include "data/formats/npy.h"
#include "data/formats/npy_dataset.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Shape = std::vector<std::int64_t>;

Dataset shaped(const Shape& dims, std::optional<Layout> layout = std::nullopt) {
  Dataset dataset;
  Bytes values(static_cast<std::size_t>(dims[0] * dims[1] * dims[2] * dims[3]));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i);
  dataset.n = dims[0];
  dataset.values = values;
  set_image_shape(dims, layout, "a.npy", dataset);
  return dataset;
}

TEST(ChannelOrderTest, ChannelsLastAreRecognisedWhereThatIsTheOnlySense) {
  const Dataset grey = shaped({2, 5, 4, 1});
  EXPECT_EQ(grey.shape, (ItemShape{1, 5, 4}));
  EXPECT_EQ(std::get<Bytes>(grey.values)[39], 39);
  ASSERT_EQ(grey.warnings.size(), 1u);
  EXPECT_EQ(grey.warnings[0],
            "a.npy: 2 x 5 x 4 x 1 is read with channels last, as images 1x5x4; layout=nchw reads "
            "5x4x1");
  const Dataset color = shaped({2, 2, 1, 3});
  EXPECT_EQ(color.shape, (ItemShape{3, 2, 1}));
  EXPECT_EQ(std::get<Bytes>(color.values), (Bytes{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}));
  EXPECT_EQ(color.warnings.size(), 1u);
}

TEST(ChannelOrderTest, ChannelsFirstStayWhereTheyHaveASense) {
  for (const Shape& dims : {Shape{1, 3, 4, 4}, Shape{1, 1, 5, 3}, Shape{2, 3, 2, 1},
                            Shape{1, 1, 1, 1}, Shape{1, 2, 2, 2}}) {
    const Dataset dataset = shaped(dims);
    EXPECT_EQ(dataset.shape, (ItemShape{dims[1], dims[2], dims[3]}));
    EXPECT_TRUE(dataset.warnings.empty()) << dataset.warnings[0];
  }
}

TEST(ChannelOrderTest, UnusualChannelsAreReadAsTheyStandWithAWarning) {
  const Dataset rgba = shaped({1, 8, 8, 4});
  EXPECT_EQ(rgba.shape, (ItemShape{8, 8, 4}));
  ASSERT_EQ(rgba.warnings.size(), 1u);
  EXPECT_NE(rgba.warnings[0].find("layout=nhwc reads 4x8x8"), std::string::npos);
}

TEST(ChannelOrderTest, LayoutDecides) {
  EXPECT_EQ(shaped({2, 5, 4, 1}, Layout::kNchw).shape, (ItemShape{5, 4, 1}));
  EXPECT_TRUE(shaped({2, 5, 4, 1}, Layout::kNchw).warnings.empty());
  const Dataset last = shaped({1, 3, 1, 2}, Layout::kNhwc);
  EXPECT_EQ(last.shape, (ItemShape{2, 3, 1}));
  EXPECT_EQ(std::get<Bytes>(last.values), (Bytes{0, 2, 4, 1, 3, 5}));
  EXPECT_TRUE(last.warnings.empty());
}

class ChannelOrderFilesTest : public FilesTest {};

TEST_F(ChannelOrderFilesTest, ArraysAndIdxFilesTakeALayout) {
  const auto npy = folder_ / "a.npy";
  write_npy(npy, std::vector<float>{0, 1, -1, 0.5f, 0.25f, 0}, Shape{1, 2, 1, 3});
  const Dataset floats = load_npy(npy);
  EXPECT_EQ(floats.shape, (ItemShape{3, 2, 1}));
  EXPECT_EQ(std::get<std::vector<float>>(floats.values),
            (std::vector<float>{0, 0.5f, 1, 0.25f, -1, 0}));
  EXPECT_EQ(load_npy(npy, {.layout = Layout::kNchw}).shape, (ItemShape{2, 1, 3}));
  const auto idx = write("x-images-idx4-ubyte", idx_bytes({1, 2, 1, 3}, "abcdef"));
  const Dataset bytes = load_idx(idx, std::nullopt);
  EXPECT_EQ(bytes.shape, (ItemShape{3, 2, 1}));
  EXPECT_EQ(std::get<Bytes>(bytes.values), (Bytes{'a', 'd', 'b', 'e', 'c', 'f'}));
  EXPECT_EQ(bytes.warnings.size(), 1u);
  EXPECT_EQ(load_idx(idx, std::nullopt, Layout::kNchw).shape, (ItemShape{2, 1, 3}));
}

TEST_F(ChannelOrderFilesTest, LayoutWithoutChannelsIsNamed) {
  const auto npy = folder_ / "a.npy";
  write_npy(npy, Bytes{1, 2}, Shape{1, 1, 2});
  expect_error(ErrorCode::kUsage, {"layout=nhwc", "four axes", npy.string(), "1 x 1 x 2"},
               [&] { load_npy(npy, {.layout = Layout::kNhwc}); });
  const auto idx = write("x-images-idx3-ubyte", idx_bytes({1, 1, 2}, "ab"));
  expect_error(ErrorCode::kUsage, {"layout=nchw", idx.string()},
               [&] { load_idx(idx, std::nullopt, Layout::kNchw); });
}

}  // namespace
}  // namespace ebm::data
