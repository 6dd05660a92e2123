#include "base/process_clock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace ebm::base {
namespace {

TEST(ProcessClockTest, CountsFromBeforeTheFirstCall) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const double seconds = seconds_since_process_start();
    // The start is known to a hundredth of a second.
    ::_exit(seconds > 0.28 && seconds < 60.0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(ProcessClockTest, Runs) {
  const double before = seconds_since_process_start();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_GE(seconds_since_process_start() - before, 0.05);
}

}  // namespace
}  // namespace ebm::base
