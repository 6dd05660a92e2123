#include "base/system/prepare_process.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

/// The exit code of a child, which is what `work` returns; -1 if a signal ended it.
template <class Work>
int exit_code_of_child(const Work& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class PrepareProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("process_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(PrepareProcessTest, AClosedStandardStreamIsNotTakenByAFile) {
  for (const int fd : {0, 1, 2}) {
    const fs::path path = folder_ / std::to_string(fd);
    EXPECT_EQ(exit_code_of_child([&] {
                close(fd);
                prepare_process();
                AtomicFile file(path);
                const char text[] = "stray";
                char byte = 0;
                const auto n = fd == 0 ? read(fd, &byte, 1) : write(fd, text, sizeof text);
                if (n >= 0) return 1;
                file.commit();
                return 0;
              }),
              0);
    EXPECT_EQ(read_file(path), "");
  }
}

TEST_F(PrepareProcessTest, AFileAboveTheLimitIsAnErrorThatLeavesNothing) {
  EXPECT_EQ(exit_code_of_child([&] {
              prepare_process();
              const rlimit limit{4096, 4096};
              setrlimit(RLIMIT_FSIZE, &limit);
              write_file_atomically(folder_ / "small", std::string(4096, 'x'));
              try {
                write_file_atomically(folder_ / "large", std::string(5000, 'x'));
              } catch (const Error& error) {
                return exit_code(error.code());
              }
              return 0;
            }),
            74);
  EXPECT_EQ(read_file(folder_ / "small").size(), 4096u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace ebm::base
