#include "data/formats/image_folder.h"

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

using Bytes = std::vector<std::uint8_t>;

class ImageFolderTest : public FilesTest {
 protected:
  static std::string dot(std::uint8_t grey) { return png_bytes({}, {grey}); }
  static const Bytes& pixels(const Dataset& dataset) { return std::get<Bytes>(dataset.values); }
};

TEST_F(ImageFolderTest, FilesOfAFolderComeInNaturalOrderWithoutLabels) {
  write("img10.png", dot(3));
  write("img2.PNG", dot(2));
  write("img1.jpg", dot(1));  // detected by content
  write("notes.txt", "no image");
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(dataset.n, 3);
  EXPECT_EQ(dataset.shape, (ItemShape{1, 1, 1}));
  EXPECT_EQ(pixels(dataset), (Bytes{1, 2, 3}));
  EXPECT_TRUE(dataset.labels.empty());
  EXPECT_TRUE(dataset.class_names.empty());
}

TEST_F(ImageFolderTest, SubfoldersAreClassesInNaturalOrder) {
  write("c10/a.png", dot(4));
  write("c9/deeper/b.png", dot(2));
  write("c9/a.png", dot(1));
  write("c9/x.png", dot(3));
  write(".hidden/a.png", dot(0));
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(pixels(dataset), (Bytes{1, 2, 3, 4}));
  EXPECT_EQ(dataset.labels, (std::vector<std::int32_t>{0, 0, 0, 1}));
  EXPECT_EQ(dataset.class_names, (std::vector<std::string>{"c9", "c10"}));
}

TEST_F(ImageFolderTest, JpegAndPngMix) {
  write("a.jpeg", jpeg_bytes({}, Bytes(64, 50)));
  write("b.png", png_bytes({.width = 8, .height = 8}, Bytes(64, 60)));
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(dataset.shape, (ItemShape{1, 8, 8}));
  EXPECT_NEAR(pixels(dataset)[0], 50, 1);
  EXPECT_EQ(pixels(dataset)[64], 60);
}

TEST_F(ImageFolderTest, OneColorImageMakesAllColorUnlessGrayIsAskedFor) {
  write("a.png", dot(5));
  write("b.png", png_bytes({.color_type = 2}, {10, 20, 30}));
  write("c.png", dot(6));
  const Dataset color = load_image_folder(folder_, {});
  EXPECT_EQ(color.shape.channels, 3);
  EXPECT_EQ(pixels(color), (Bytes{5, 5, 5, 10, 20, 30, 6, 6, 6}));
  const Dataset grey = load_image_folder(folder_, {.gray = true});
  EXPECT_EQ(grey.shape.channels, 1);
  EXPECT_EQ(pixels(grey), (Bytes{5, 18, 6}));
}

TEST_F(ImageFolderTest, MixedSizesNameTheFirstThatDiffersAndBothSizes) {
  const fs::path first = write("a.png", png_bytes({.width = 2}, {10, 20}));
  const fs::path other = write("b.png", png_bytes({.width = 2, .height = 3}, Bytes(6, 7)));
  expect_error(ErrorCode::kBadData, {other.string(), "2 x 3", "2 x 1", first.string(), "size="},
               [&] { load_image_folder(folder_, {}); });
  const Dataset resized = load_image_folder(folder_, {.size = 1});
  EXPECT_EQ(resized.shape, (ItemShape{1, 1, 1}));
  EXPECT_EQ(pixels(resized), (Bytes{10, 7}));
}

TEST_F(ImageFolderTest, ClassAndLimitOpenNoOtherFile) {
  write("a/1.png", "not an image");
  write("b/1.png", dot(1));
  write("b/2.png", dot(2));
  write("b/3.png", "not an image");
  const Dataset dataset = load_image_folder(folder_, {.klass = 1, .limit = 2});
  EXPECT_EQ(pixels(dataset), (Bytes{1, 2}));
  EXPECT_EQ(dataset.labels, (std::vector<std::int32_t>{1, 1}));
  expect_error(ErrorCode::kBadData, {folder_.string(), "class=2", "0 to 1"},
               [&] { load_image_folder(folder_, {.klass = 2}); });
}

TEST_F(ImageFolderTest, UnsoundFilesAreNamed) {
  const std::string png = dot(1);
  const fs::path path = write("a.png", png.substr(0, 50));
  const auto load = [&] { load_image_folder(folder_, {}); };
  expect_error(ErrorCode::kBadData, {path.string(), "corrupt PNG"}, load);
  write("a.png", "GIF89a..");
  expect_error(ErrorCode::kBadData, {path.string(), "'GIF89a..'", "PNG or JPEG"}, load);
  write("a.png", "");
  expect_error(ErrorCode::kBadData, {path.string(), "empty"}, load);
  write("a.png", jpeg_bytes({}, Bytes(64, 50)).substr(0, 100));
  expect_error(ErrorCode::kBadData, {path.string(), "corrupt JPEG"}, load);
}

TEST_F(ImageFolderTest, FoldersWithoutAClearMeaningAreRefused) {
  const auto load = [&] { load_image_folder(folder_, {}); };
  expect_error(ErrorCode::kBadData, {folder_.string(), "no image", ".png"}, load);
  write("notes.txt", "no image");
  expect_error(ErrorCode::kBadData, {folder_.string(), "no image"}, load);
  write("b/1.png", dot(1));
  write("a/notes.txt", "no image");
  expect_error(ErrorCode::kBadData, {(folder_ / "a").string(), "no image"}, load);
  write("direct.png", dot(1));
  expect_error(ErrorCode::kBadData, {folder_.string(), "direct.png", "b/1.png"}, load);
  expect_error(ErrorCode::kBadData, {"direct.png", "expected a folder"},
               [&] { load_image_folder(folder_ / "direct.png", {}); });
  expect_error(ErrorCode::kNoInput, {"absent"}, [&] { load_image_folder(folder_ / "absent", {}); });
}

}  // namespace
}  // namespace ebm::data
