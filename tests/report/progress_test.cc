#include "report/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <tuple>
#include <utility>

#include "tests/report/count.h"

namespace ebm::report {
namespace {

const std::vector<ProgressField> kFields{{"energy", "-1.25"}, {"grad_norm", "0.031"}};

/// Reads all that is there without waiting.
std::string drain(int fd) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(fd, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

class PipeTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe(ends_.data()), 0); }
  void TearDown() override {
    for (const int fd : ends_) {
      if (fd >= 0) ::close(fd);
    }
  }
  std::array<int, 2> ends_{};
};

/// A pseudo-terminal of 60 columns whose output is read as it was written.
class TerminalTest : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TERM", "xterm", 1);
    if (::openpty(&screen_, &terminal_, nullptr, nullptr, nullptr) != 0) {
      GTEST_SKIP() << "this machine gives out no terminals (a chroot without /dev/pts?)";
    }
    termios settings{};
    ASSERT_EQ(::tcgetattr(terminal_, &settings), 0);
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    ASSERT_EQ(::tcsetattr(terminal_, TCSANOW, &settings), 0);
    set_width(60);
  }
  void TearDown() override {
    ::close(terminal_);
    ::close(screen_);
  }
  void set_width(unsigned short columns) const {
    winsize size{};
    size.ws_col = columns;
    size.ws_row = 24;
    ASSERT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
  }
  int screen_ = -1, terminal_ = -1;
};

TEST(SecondsLeftTest, TheRestGoesAsFastOnceAHundredthIsDone) {
  EXPECT_DOUBLE_EQ(seconds_left(3.0, 0.25), 9.0);
  EXPECT_DOUBLE_EQ(seconds_left(3.0, 1.0), 0.0);
  EXPECT_DOUBLE_EQ(seconds_left(2.0, 0.01), 198.0);
  for (const double fraction : {0.0, 1e-5, 0.0099, std::nan("")}) {
    EXPECT_LT(seconds_left(2.0, fraction), 0.0) << fraction;
  }
}

TEST(FormatDurationTest, HoursAppearWhenThereAreSome) {
  EXPECT_EQ(format_duration(0), "0:00");
  EXPECT_EQ(format_duration(41.6), "0:42");
  EXPECT_EQ(format_duration(59.7), "1:00");
  EXPECT_EQ(format_duration(3599), "59:59");
  EXPECT_EQ(format_duration(3909), "1:05:09");
  EXPECT_EQ(format_duration(360000), "100:00:00");
  for (const double unknown : {-1.0, double{NAN}, double{INFINITY}}) {
    EXPECT_EQ(format_duration(unknown), "-:--");
  }
}

TEST_F(PipeTest, ElsewhereTheFirstAndTheLastUpdateBecomePlainLines) {
  Progress progress("train", ends_[1]);
  for (int i = 0; i <= 100; ++i) progress.update(i / 100.0, kFields, 100.0 - i);
  EXPECT_EQ(drain(ends_[0]), "train   0%  1:40 left  energy -1.25  grad_norm 0.031\n");
  EXPECT_FALSE(progress.is_due());
  progress.finish();
  EXPECT_EQ(drain(ends_[0]), "train 100%  0:00 left  energy -1.25  grad_norm 0.031\n");
  progress.finish();
  EXPECT_EQ(drain(ends_[0]), "") << "nothing twice";
}

TEST_F(PipeTest, MessagesAreLinesOfTheirOwnAndQuietLeavesOnlyThem) {
  {
    Progress progress("train", ends_[1]);
    progress.update(NAN, {}, -1);
    progress.message("checkpoint written");
  }
  EXPECT_EQ(drain(ends_[0]), "train   ?%\ncheckpoint written\n");
  {
    Progress progress("train", ends_[1], ProgressMode::kQuiet);
    progress.update(0.5, kFields, 1);
    progress.message("stopped");
    EXPECT_FALSE(progress.is_due());
  }
  EXPECT_EQ(drain(ends_[0]), "stopped\n");
}

TEST_F(PipeTest, AReaderThatWentAwayDoesNoHarm) {
  // As the programs do (base/stop_signal.h); else the write would end the process.
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  ::close(ends_[0]);
  ends_[0] = -1;
  ASSERT_EQ(::write(ends_[1], "x", 1), -1);
  ASSERT_EQ(errno, EPIPE);
  {
    Progress progress("train", ends_[1], ProgressMode::kLines);
    progress.update(0.5, kFields, 1);
    // It counts as shown: nothing is formatted and tried again at every update.
    EXPECT_FALSE(progress.is_due());
    progress.message("still here");
    progress.update(0.75, kFields, 1);
    progress.finish();
    EXPECT_TRUE(progress.is_due());
  }
  EXPECT_NE(::fcntl(ends_[1], F_GETFD), -1) << "the descriptor stays open";
  std::signal(SIGPIPE, before);
}

TEST_F(PipeTest, ALongLineIsWrittenWholeToASlowReader) {
  // More than a pipe holds: the write waits for the reader, and goes on where it stopped.
  const std::string line(300000, 'x');
  std::string read;
  std::thread reader([&] {
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      read.append(buffer.data(), static_cast<std::size_t>(n));
    }
  });
  Progress("train", ends_[1]).message(line);
  ::close(std::exchange(ends_[1], -1));
  reader.join();
  EXPECT_EQ(read, line + "\n");
}

TEST_F(PipeTest, AFullPipeThatNobodyReadsStopsNoWork) {
  ::fcntl(ends_[1], F_SETFL, O_NONBLOCK);
  while (::write(ends_[1], "x", 1) == 1) {
  }
  ::fcntl(ends_[1], F_SETFL, 0);
  Progress progress("train", ends_[1], ProgressMode::kLines);
  progress.update(0.5, kFields, 60);
  progress.message("a warning");
  progress.finish();
  Progress bar("train", ends_[1], ProgressMode::kBar);
  bar.update(0.5, kFields, 60);
  bar.finish();
  EXPECT_EQ(drain(ends_[0]).find_first_not_of('x'), std::string::npos);
}

TEST_F(TerminalTest, OneBarIsRedrawnInPlaceAndEndsWithALine) {
  Progress progress("train", terminal_);
  progress.update(0.5, std::span(kFields).first(1), 65);
  EXPECT_EQ(drain(screen_), "\r\x1b[Ktrain [########........]  50%  1:05 left  energy -1.25");
  progress.finish();
  EXPECT_EQ(drain(screen_), "\n");
}

TEST_F(TerminalTest, RedrawsAtMostTenTimesASecondAndShowsTheLast) {
  // However long it takes on a busy machine: a tenth of a second passes between two of them.
  const auto start = std::chrono::steady_clock::now();
  Progress progress("train", terminal_);
  for (int i = 0; i <= 2000; ++i) progress.update(i / 2000.0, kFields, 0);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  progress.finish();
  const std::string text = drain(screen_);
  EXPECT_LE(static_cast<double>(count(text, "\r")), 10 * elapsed.count() + 2);
  EXPECT_GE(count(text, "\r"), 2u);
  EXPECT_NE(text.find("100%"), std::string::npos);
  EXPECT_EQ(count(text, "\n"), 1u);
}

TEST_F(TerminalTest, TheLineStaysWithinTheWidthAndLeavesOutWholeFields) {
  for (const unsigned short width : std::array<unsigned short, 5>{10, 30, 50, 60, 200}) {
    set_width(width);
    Progress progress("träning", terminal_);
    progress.update(0.25, kFields, 7);
    const std::string line = drain(screen_).substr(4);
    const auto shown = std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    EXPECT_LT(shown, width);
    EXPECT_TRUE(line.find("energy") == std::string::npos ||
                line.find("energy -1.25") != std::string::npos);
    EXPECT_EQ(line.find("grad_norm 0.031") != std::string::npos, width >= 60);
  }
}

TEST_F(TerminalTest, TheBarLeavesRoomForTheFirstFourFields) {
  const std::vector<ProgressField> fields{{"it", "11900/12000"}, {"it/s", "43.1"},
                                          {"gap", "+0.012"},     {"|g|", "0.0123"},
                                          {"E+", "-0.125"},      {"E-", "-0.137"}};
  const std::string first = "  it 11900/12000  it/s 43.1  gap +0.012  |g| 0.0123";
  for (const auto& [width, bar, rest] :
       {std::tuple{80, "", ""}, std::tuple{90, "[########..] ", ""},
        std::tuple{120, "[###################.....] ", "  E+ -0.125"}}) {
    set_width(static_cast<unsigned short>(width));
    Progress progress("train", terminal_);
    drain(screen_);  // the end of the bar before
    progress.update(0.8, fields, 83);
    EXPECT_EQ(drain(screen_),
              std::string("\r\x1b[Ktrain ") + bar + " 80%  1:23 left" + first + rest);
  }
}

TEST_F(TerminalTest, AMessageStandsAboveTheBar) {
  Progress progress("train", terminal_);
  progress.update(0.5, {}, -1);
  drain(screen_);
  progress.message("checkpoint written");
  EXPECT_EQ(drain(screen_), "\r\x1b[Kcheckpoint written\ntrain [############............]  50%");
}

TEST_F(TerminalTest, ATerminalThatCannotMoveItsCursorGetsPlainLines) {
  ::setenv("TERM", "dumb", 1);
  Progress progress("train", terminal_);
  progress.update(0.5, {}, -1);
  EXPECT_EQ(drain(screen_), "train  50%\n");
}

}  // namespace
}  // namespace ebm::report
