#include "data/home_folder.h"

#include <cstdlib>
#include <optional>

#include "data/spec.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

/// Sets or unsets HOME while it lives.
class ScopedHome {
 public:
  explicit ScopedHome(const char* home) {
    if (const char* old = std::getenv("HOME")) old_ = old;
    if (home == nullptr) {
      unsetenv("HOME");
    } else {
      setenv("HOME", home, 1);
    }
  }
  ~ScopedHome() { old_ ? setenv("HOME", old_->c_str(), 1) : unsetenv("HOME"); }

 private:
  std::optional<std::string> old_;
};

TEST(HomeFolderTest, TildeAtTheBeginIsHome) {
  const ScopedHome home("/home/ann");
  EXPECT_EQ(expand_home("~/pics"), "/home/ann/pics");
  EXPECT_EQ(expand_home("~"), "/home/ann");
  for (const std::string path : {"pics/~/x", "~ann/pics", "./~", "a~", ""}) {
    EXPECT_EQ(expand_home(path), path);
  }
}

TEST(HomeFolderTest, EveryPathOfASpecIsExpanded) {
  const ScopedHome home("/home/ann");
  EXPECT_EQ(parse_spec("images:~/pics#size=8").target, "/home/ann/pics");
  EXPECT_EQ(parse_spec("idx:~/mnist").target, "/home/ann/mnist");
  EXPECT_EQ(parse_spec("cifar10:~/cifar").target, "/home/ann/cifar");
  EXPECT_EQ(parse_spec("npy:~/x.npy").target, "/home/ann/x.npy");
}

TEST(HomeFolderTest, MissingHomeIsNamed) {
  const ScopedHome home(nullptr);
  expect_error(ErrorCode::kUsage, {"~/pics", "HOME"}, [] { parse_spec("images:~/pics"); });
  EXPECT_EQ(parse_spec("images:pics").target, "pics");
}

}  // namespace
}  // namespace ebm::data
