#include "data/class_label.h"

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

using Names = std::vector<std::string>;

std::int32_t label(const std::string& klass, const Names& names, std::size_t n_warnings = 0) {
  Names warnings;
  const std::int32_t found = class_label(klass, "set", names, warnings);
  EXPECT_EQ(warnings.size(), n_warnings);
  return found;
}

TEST(ClassLabelTest, ClassesGoByNumberOrName) {
  const Names animals = {"cat", "dog", "tabby cat"};
  EXPECT_EQ(label("1", animals), 1);
  EXPECT_EQ(label("dog", animals), 1);
  EXPECT_EQ(label("tabby cat", animals), 2);
  EXPECT_EQ(label("7", {}), 7);
  EXPECT_EQ(label("3", animals), 3);  // which leaves nothing
}

TEST(ClassLabelTest, NumbersAsNamesAreLabelsFirst) {
  EXPECT_EQ(label("1", {"0", "1", "2"}), 1);
  EXPECT_EQ(label("7", {"3", "7"}), 1);
  Names warnings;
  EXPECT_EQ(class_label("1", "set", Names{"1", "2", "3"}, warnings), 1);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0],
            "class=1 is label 1, the class named '2'; the class named '1' has label 0");
}

TEST(ClassLabelTest, ASetHasAsManyClassesAsLabelsOrNames) {
  Dataset set;
  set.name = "set";
  set.n = 3;
  EXPECT_EQ(n_classes(set), 0);
  set.labels = {0, 4, 2};
  EXPECT_EQ(n_classes(set), 5);
  set.class_names = Names(7, "thing");
  EXPECT_EQ(n_classes(set), 7);
  set.labels[1] = -1;
  expect_error(ErrorCode::kBadData, {"set", "label -1"}, [&] { n_classes(set); });
}

TEST(ClassLabelTest, UnknownNamesAreNamedWithTheNearest) {
  Names warnings;
  expect_error(ErrorCode::kBadData, {"set", "'dogg'", "did you mean 'dog'?", "2 classes", "'cat'"},
               [&] {
                 class_label("dogg", "set", Names{"cat", "dog"}, warnings);
               });
  expect_error(ErrorCode::kBadData, {"'zebra'", "2 classes, from 'cat' to 'dog'"}, [&] {
    class_label("zebra", "set", Names{"cat", "dog"}, warnings);
  });
  expect_error(ErrorCode::kBadData, {"'cat'", "names no classes, expected a number"},
               [&] { class_label("cat", "set", Names{}, warnings); });
}

}  // namespace
}  // namespace ebm::data
