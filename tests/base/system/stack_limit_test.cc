#include "base/system/stack_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "base/error.h"

namespace ebm::base {
namespace {

constexpr std::uint64_t kNeeded = 3'000'000;

/// The limits after provide_stack() in a process that starts with others, or that it is refused:
/// "raised", "kept", "ulimit ...".
std::string outcome_of(rlim_t soft, rlim_t hard) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit{soft, hard};
    std::string found = "kept";
    ::setrlimit(RLIMIT_STACK, &limit);
    try {
      provide_stack(kNeeded, "this");
      ::getrlimit(RLIMIT_STACK, &limit);
      if (limit.rlim_cur != soft) found = limit.rlim_cur == kNeeded ? "raised" : "wrong";
      if (limit.rlim_max != hard) found += ", other hard limit";
    } catch (const Error& error) {
      found = error.what();
    }
    (void)!::write(ends[1], found.data(), found.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  char text[256] = {};
  (void)!::read(ends[0], text, sizeof text - 1);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

TEST(StackLimitTest, ALowerLimitIsRaisedWhereItMayBe) {
  EXPECT_EQ(outcome_of(1'000'000, 8'000'000), "raised");
  EXPECT_EQ(outcome_of(1'000'000, kNeeded), "raised");
  EXPECT_EQ(outcome_of(kNeeded, 8'000'000), "kept");
  EXPECT_EQ(outcome_of(5'000'000, 8'000'000), "kept");
}

TEST(StackLimitTest, OneThatMayNotBeRaisedIsNamed) {
  EXPECT_EQ(outcome_of(1'000'000, 2'000'000),
            "ulimit -s leaves 1.0 MB of stack: this needs 3.0 MB; set at least ulimit -s 2930");
}

}  // namespace
}  // namespace ebm::base
