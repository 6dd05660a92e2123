// Part of every test program: a folder of its own for the files of its tests, so that the same
// tests may run twice at once.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace ebm {
namespace {

class TestFolder : public testing::Environment {
 public:
  void SetUp() override {
    std::string name = testing::TempDir() + "ebm-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
    // What testing::TempDir() says from here on.
    ::setenv("TEST_TMPDIR", name.c_str(), 1);
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

 private:
  std::filesystem::path path_;
};

[[maybe_unused]] const auto* const kTestFolder = testing::AddGlobalTestEnvironment(new TestFolder);

}  // namespace
}  // namespace ebm
