#include "data/image_folder/passed_over.h"

#include <gtest/gtest.h>

namespace ebm::data {
namespace {

TEST(PassedOverTest, FilesAreCountedByEnding) {
  PassedOver files;
  EXPECT_TRUE(files.empty());
  for (int i = 0; i < 8; ++i) files.add_file("a/x.BMP");
  for (int i = 0; i < 4; ++i) files.add_file("a/._" + std::to_string(i) + ".png");
  files.add_file("a/README");
  EXPECT_EQ(files.text(), "13 files passed over: 8 .bmp, 4 hidden, 1 without ending");
  PassedOver one;
  one.add_file("notes.txt");
  EXPECT_EQ(one.text(), "1 file passed over: 1 .txt");
}

TEST(PassedOverTest, ManyEndingsAreCountedTogether) {
  PassedOver files;
  for (char c = 'a'; c <= 'k'; ++c) files.add_file(std::string("x.") + c);
  EXPECT_EQ(files.text(),
            "11 files passed over: 1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f, 1 .g, 1 .h, 3 others");
}

TEST(PassedOverTest, TheFirstOfWhatIsNoFileIsNamed) {
  PassedOver files;
  files.add("broken link", "broken links", "a/x");
  EXPECT_EQ(files.text(), "1 file passed over: 1 broken link (a/x)");
  files.add("broken link", "broken links", "a/y");
  files.add_file("z.txt");
  EXPECT_EQ(files.text(), "3 files passed over: 2 broken links (the first: a/x), 1 .txt");
}

TEST(PassedOverTest, FoldersAreCountedBesideFiles) {
  PassedOver entries;
  entries.add_folder("a/.git");
  EXPECT_EQ(entries.text(), "1 folder passed over: 1 hidden folder (a/.git)");
  entries.add_folder("b/.thumbs");
  entries.add_folder("b/__MACOSX");
  entries.add_file("notes.txt");
  EXPECT_EQ(entries.text(),
            "1 file and 3 folders passed over: 2 hidden folders (the first: a/.git), "
            "1 .txt, 1 folder of another program (b/__MACOSX)");
}

TEST(PassedOverTest, EndingsAreShownAsOneLine) {
  PassedOver files;
  files.add_file("x.a\nb");
  files.add_file("x.\xe9");
  EXPECT_EQ(files.text(), "2 files passed over: 1 .a\\x0ab, 1 .\\xe9");
}

}  // namespace
}  // namespace ebm::data
