#include "data/image_folder/file_list.h"

#include <gtest/gtest.h>

namespace ebm::data {
namespace {

std::vector<std::string> paths_in(const FileList& list) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < list.size(); ++i) paths.push_back(list[i]);
  return paths;
}

TEST(FileListTest, EachFileIsInItsFolder) {
  FileList list;
  EXPECT_TRUE(list.empty());
  for (const auto& [folder, name] :
       std::vector<std::pair<std::string, std::string>>{{"set/a", "1.png"},
                                                        {"set/a", "2.png"},
                                                        {"set/a/deep", "x.jpg"},
                                                        {"set/a", "3.png"},
                                                        {"", "here.png"},
                                                        {"/", "top.png"},
                                                        {"set/b/", "y.png"},
                                                        {"set/b", ""}}) {
    list.add(folder, name);
  }
  const std::vector<std::string> expected = {"set/a/1.png", "set/a/2.png", "set/a/deep/x.jpg",
                                             "set/a/3.png", "here.png",    "/top.png",
                                             "set/b/y.png", "set/b/"};
  EXPECT_EQ(paths_in(list), expected);
  EXPECT_EQ(paths_in(list.at({0, 2, 3, 7})),
            (std::vector<std::string>{expected[0], expected[2], expected[3], expected[7]}));
  EXPECT_TRUE(list.at({}).empty());
}

}  // namespace
}  // namespace ebm::data
