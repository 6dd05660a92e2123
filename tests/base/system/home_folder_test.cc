#include "base/system/home_folder.h"

#include <gtest/gtest.h>

#include "tests/base/system/scoped_home.h"
#include "tests/nets/expect_error.h"

namespace ebm::base {
namespace {

TEST(HomeFolderTest, TildeAtTheBeginIsHome) {
  const ScopedHome home("/home/ann");
  EXPECT_EQ(expand_home("~/pics"), "/home/ann/pics");
  EXPECT_EQ(expand_home("~"), "/home/ann");
  for (const std::string path : {"pics/~/x", "~ann/pics", "./~", "a~", ""}) {
    EXPECT_EQ(expand_home(path), path);
  }
}

TEST(HomeFolderTest, MissingHomeIsNamed) {
  const ScopedHome home(nullptr);
  const std::string message =
      nets::expect_error(ErrorCode::kUsage, "~/pics", [] { expand_home("~/pics"); });
  EXPECT_NE(message.find("HOME"), std::string::npos) << message;
  EXPECT_EQ(expand_home("pics"), "pics");
}

}  // namespace
}  // namespace ebm::base
