#include "data/image_folder/image_folder.h"

#include <sys/stat.h>

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

using Bytes = std::vector<std::uint8_t>;
using Names = std::vector<std::string>;

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
  EXPECT_EQ(dataset.warnings, Names{"1 file passed over: 1 .txt"});
}

TEST_F(ImageFolderTest, AFileIsOneImageWhateverItsName) {
  const fs::path file = write("photo", dot(7));
  const Dataset dataset = load_image_folder(file, {});
  EXPECT_EQ(pixels(dataset), Bytes{7});
  EXPECT_TRUE(dataset.labels.empty());
  EXPECT_TRUE(dataset.warnings.empty());
  expect_error(ErrorCode::kUsage, {"split=test", file.string() + " is a file"},
               [&] { load_image_folder(file, {.split = Split::kTest}); });
}

TEST_F(ImageFolderTest, AnItemIsReadAlone) {
  write("cat/0.png", dot(1));
  write("cat/1.png", "no image");
  write("dog/0.png", dot(3));
  const Dataset dataset = load_image_folder(folder_, {.item = 2});
  EXPECT_EQ(pixels(dataset), Bytes{3});
  EXPECT_EQ(dataset.labels, std::vector<std::int32_t>{1});
  expect_error(ErrorCode::kBadData, {folder_.string(), "item=2 is not there, expected 0 to 1"},
               [&] { load_image_folder(folder_, {.limit = 2, .item = 2}); });
}

TEST_F(ImageFolderTest, HiddenFilesArePassedOverAndCounted) {
  write("0.png", dot(1));
  write("._0.png", std::string("\0\x05\x16\x07\0\x02\0\0", 8));  // macOS
  write(".DS_Store", "");
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(pixels(dataset), Bytes{1});
  EXPECT_EQ(dataset.warnings, Names{"2 files passed over: 2 hidden"});
}

TEST_F(ImageFolderTest, FoldersOfOtherProgramsAreNoClasses) {
  write("cat/0.png", dot(1));
  write("cat/@eaDir/thumb.jpg", "no image");
  write("__MACOSX/cat/._0.png", "no image");
  write(".ipynb_checkpoints/0.png", "no image");
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(pixels(dataset), Bytes{1});
  EXPECT_EQ(dataset.class_names, Names{"cat"});
  EXPECT_EQ(dataset.warnings,
            Names{"3 folders passed over: 2 folders of other programs (the first: " +
                  (folder_ / "__MACOSX").string() + "), 1 hidden folder (" +
                  (folder_ / ".ipynb_checkpoints").string() + ")"});
}

TEST_F(ImageFolderTest, JpegAndWebpOfAnyEndingAreReadAndTheRestCounted) {
  write("0.jpg", jpeg_bytes({}, Bytes(64, 10)));
  write("1.jfif", jpeg_bytes({}, Bytes(64, 20)));
  write("2.JPE", jpeg_bytes({}, Bytes(64, 30)));
  write("3.webp", webp_bytes(8, 8, 3, Bytes(192, 40)));
  write("4.bmp", "BM");
  write("5.gif", "GIF89a");
  write("6.GIF", "GIF89a");
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(dataset.n, 4);
  EXPECT_EQ(dataset.shape, (ItemShape{3, 8, 8}));
  EXPECT_NEAR(pixels(dataset)[192], 20, 1);
  EXPECT_EQ(pixels(dataset)[3 * 192], 40);
  EXPECT_EQ(dataset.warnings, Names{"3 files passed over: 2 .gif, 1 .bmp"});
}

TEST_F(ImageFolderTest, FolderOfOtherFilesSaysWhatIsThere) {
  write("1.bmp", "BM");
  write("2.bmp", "BM");
  expect_error(ErrorCode::kBadData, {"found no image", ".webp", "2 files passed over: 2 .bmp"},
               [&] { load_image_folder(folder_, {}); });
}

TEST_F(ImageFolderTest, BadImagesAreSkippedCountedAndNamedIfAskedFor) {
  write("a/1.png", "no image");
  write("a/2.png", dot(2));
  write("b/1.png", dot(3).substr(0, 50));
  write("b/2.png", "");
  write("b/3.png", dot(4));
  write("b/4.png", dot(5));
  expect_error(ErrorCode::kBadData, {"a/1.png"}, [&] { load_image_folder(folder_, {}); });
  const Dataset dataset = load_image_folder(folder_, {.skip_bad = true});
  EXPECT_EQ(pixels(dataset), (Bytes{2, 4, 5}));
  EXPECT_EQ(dataset.labels, (std::vector<std::int32_t>{0, 1, 1}));
  const auto path = [this](const std::string& name) { return (folder_ / name).string(); };
  EXPECT_EQ(dataset.skipped, (Names{path("a/1.png"), path("b/1.png"), path("b/2.png")}));
  ASSERT_EQ(dataset.warnings.size(), 1u);
  EXPECT_TRUE(dataset.warnings[0].starts_with("3 files skipped as not sound: " + path("a/1.png")))
      << dataset.warnings[0];
  EXPECT_EQ(pixels(load_image_folder(folder_, {.limit = 2, .skip_bad = true})), (Bytes{2, 4}));
  // A difference in size is no damage.
  write("b/5.png", png_bytes({.width = 2}, {1, 2}));
  expect_error(ErrorCode::kBadData, {"b/5.png", "size="},
               [&] { load_image_folder(folder_, {.skip_bad = true}); });
}

TEST_F(ImageFolderTest, ManySkippedFilesAreCounted) {
  for (int i = 0; i < 9; ++i) write(std::to_string(i) + ".png", i == 0 ? dot(7) : "no image");
  const Dataset dataset = load_image_folder(folder_, {.skip_bad = true});
  EXPECT_EQ(dataset.n, 1);
  EXPECT_EQ(dataset.skipped.size(), 8u);
  ASSERT_EQ(dataset.warnings.size(), 1u);
  EXPECT_NE(dataset.warnings[0].find("5.png and 3 more; the first: "), std::string::npos)
      << dataset.warnings[0];
}

TEST_F(ImageFolderTest, FolderWithoutASoundImageIsAnError) {
  write("1.png", "no image");
  write("2.png", "no image");
  expect_error(ErrorCode::kBadData, {"none of its 2 images is sound", "1.png: found"},
               [&] { load_image_folder(folder_, {.skip_bad = true}); });
}

TEST_F(ImageFolderTest, FaultsBesideThePixelsAreAWarning) {
  std::string jpeg = jpeg_bytes({}, Bytes(64, 50));
  write("a.jpg", jpeg);
  write("b.jpg", jpeg.insert(jpeg.size() - 2, std::string(240, 'x')));
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(dataset.n, 2);
  ASSERT_EQ(dataset.warnings.size(), 1u);
  EXPECT_NE(dataset.warnings[0].find("1 file read despite a fault beside its pixels"),
            std::string::npos);
  EXPECT_NE(dataset.warnings[0].find(" extraneous bytes before marker 0xd9"), std::string::npos);
}

TEST_F(ImageFolderTest, TransparentPixelsShowTheBackground) {
  write("a.png", png_bytes({.color_type = 6}, {255, 255, 255, 0}));
  write("b.png", png_bytes({.color_type = 6}, {1, 2, 3, 255}));
  const Dataset black = load_image_folder(folder_, {});
  EXPECT_EQ(pixels(black), (Bytes{0, 0, 0, 1, 2, 3}));
  ASSERT_EQ(black.warnings.size(), 1u);
  EXPECT_TRUE(black.warnings[0].starts_with("1 image has transparent pixels, shown over black"));
  const Dataset white = load_image_folder(folder_, {.background = Color{255, 255, 255}});
  EXPECT_EQ(pixels(white), (Bytes{255, 255, 255, 1, 2, 3}));
  EXPECT_TRUE(white.warnings.empty());
}

TEST_F(ImageFolderTest, ClassesGoByName) {
  write("cat/1.png", dot(1));
  write("dog/1.png", dot(2));
  EXPECT_EQ(load_image_folder(folder_, {.klass = "dog"}).labels, std::vector<std::int32_t>{1});
  expect_error(ErrorCode::kBadData, {folder_.string(), "'dogg'", "did you mean 'dog'?"},
               [&] { load_image_folder(folder_, {.klass = "dogg"}); });
  write("images/1.png", dot(1));
  expect_error(ErrorCode::kBadData, {"class=cat", "no labels"},
               [&] { load_image_folder(folder_ / "images", {.klass = "cat"}); });
}

TEST_F(ImageFolderTest, WhatIsNoFileIsNamedAndNothingWaits) {
  write("a.png", dot(1));
  ASSERT_EQ(mkfifo((folder_ / "b.png").c_str(), 0600), 0);
  expect_error(ErrorCode::kBadData, {"b.png", "found a pipe, expected a file"},
               [&] { load_image_folder(folder_, {}); });
  EXPECT_EQ(load_image_folder(folder_, {.skip_bad = true}).n, 1);
  expect_error(ErrorCode::kBadData, {"b.png", "found a pipe, expected a file"},
               [&] { load_image_folder(folder_ / "b.png", {}); });
  fs::remove(folder_ / "b.png");
  fs::create_symlink("c.png", folder_ / "c.png");
  expect_error(ErrorCode::kIo, {"c.png", "symbolic links"},
               [&] { load_image_folder(folder_, {}); });
  EXPECT_EQ(load_image_folder(folder_, {.skip_bad = true}).n, 1);
  fs::remove(folder_ / "c.png");
  expect_error(ErrorCode::kIo, {"name too long"},
               [&] { load_image_folder(folder_ / std::string(300, 'x'), {}); });
}

TEST_F(ImageFolderTest, BrokenLinksAreErrorsSkippedOrCounted) {
  write("a/1.png", dot(1));
  fs::create_symlink("gone/2.png", folder_ / "a/2.png");
  expect_error(ErrorCode::kNoInput, {"a/2.png; it is a link to gone/2.png, which is not there"},
               [&] { load_image_folder(folder_, {}); });
  const Dataset dataset = load_image_folder(folder_, {.skip_bad = true});
  EXPECT_EQ(dataset.n, 1);
  EXPECT_EQ(dataset.skipped, Names{(folder_ / "a/2.png").string()});
  ASSERT_EQ(dataset.warnings.size(), 1u);
  EXPECT_NE(dataset.warnings[0].find("is a link to gone/2.png"), std::string::npos);
  fs::remove(folder_ / "a/2.png");
  // It may have been a class.
  fs::create_symlink("gone", folder_ / "b");
  EXPECT_EQ(load_image_folder(folder_, {}).warnings,
            Names{"1 file passed over: 1 broken link (" + (folder_ / "b").string() + ")"});
}

TEST_F(ImageFolderTest, LinksInsideClassesAreNotFollowedAndCounted) {
  write("a/1.png", dot(1));
  fs::create_symlink("..", folder_ / "a/round");
  const Dataset dataset = load_image_folder(folder_, {});
  EXPECT_EQ(dataset.n, 1);
  EXPECT_EQ(dataset.warnings, Names{"1 file passed over: 1 link to a folder above it (" +
                                    (folder_ / "a/round").string() + ")"});
}

TEST_F(ImageFolderTest, AClassThatLeadsBackUpIsPassedOver) {
  write("set/cat/1.png", dot(1));
  write("dogs/1.png", dot(2));
  fs::create_symlink("../dogs", folder_ / "set/dog");
  fs::create_symlink(".", folder_ / "set/all");
  fs::create_symlink("..", folder_ / "set/above");
  const Dataset dataset = load_image_folder(folder_ / "set", {});
  EXPECT_EQ(dataset.class_names, (Names{"cat", "dog"}));
  EXPECT_EQ(pixels(dataset), (Bytes{1, 2}));
  EXPECT_EQ(dataset.warnings,
            Names{"2 files passed over: 2 links to folders above them (the first: " +
                  (folder_ / "set/above").string() + ")"});
}

TEST_F(ImageFolderTest, ReadingSaysHowFarItIs) {
  for (int i = 0; i < 4; ++i) write(std::to_string(i) + ".png", dot(7));
  std::vector<double> fractions;
  load_image_folder(folder_, {.on_read = [&](double fraction) { fractions.push_back(fraction); }});
  EXPECT_EQ(fractions, (std::vector<double>{0.25, 0.5, 0.75, 1.0}));
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
  const Dataset dataset = load_image_folder(folder_, {.klass = "1", .limit = 2});
  EXPECT_EQ(pixels(dataset), (Bytes{1, 2}));
  EXPECT_EQ(dataset.labels, (std::vector<std::int32_t>{1, 1}));
  expect_error(ErrorCode::kBadData, {folder_.string(), "class=2", "0 to 1"},
               [&] { load_image_folder(folder_, {.klass = "2"}); });
}

TEST_F(ImageFolderTest, UnsoundFilesAreNamed) {
  const std::string png = dot(1);
  const fs::path path = write("a.png", png.substr(0, 50));
  const auto load = [&] { load_image_folder(folder_, {}); };
  expect_error(ErrorCode::kBadData, {path.string(), "corrupt PNG"}, load);
  write("a.png", "GIF89a..");
  expect_error(ErrorCode::kBadData, {path.string(), "'GIF89a..'", "PNG, JPEG or WebP"}, load);
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
  expect_error(ErrorCode::kBadData, {(folder_ / "notes.txt").string()},
               [&] { load_image_folder(folder_ / "notes.txt", {}); });
  expect_error(ErrorCode::kNoInput, {"absent"}, [&] { load_image_folder(folder_ / "absent", {}); });
}

}  // namespace
}  // namespace ebm::data
