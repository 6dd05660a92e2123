#include "base/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "base/atomic_file.h"

namespace ebm::base {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

/// How a process ended, and what it wrote on standard error.
struct Ended {
  int code = -1;   ///< its exit code
  int signal = 0;  ///< or the signal that killed it
  std::string text;
  double seconds = 0.0;
};

/// Runs `work` in a process of its own, which ends with code 0 after it.
Ended run_in_child(const std::function<void()>& work) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::pipe(ends), 0);
  const auto start = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    work();
    ::_exit(0);
  }
  ::close(ends[1]);
  Ended ended;
  char buffer[256];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    ended.text.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ended.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

void sleep_for_seconds(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// As the system sends it, to the process; another thread takes it.
void send(int signal) { ::kill(::getpid(), signal); }

/// Until the condition holds; else the process ends with code 99.
void wait_for(const std::function<bool()>& holds) {
  const auto end = Clock::now() + std::chrono::seconds(30);
  while (!holds()) {
    if (Clock::now() > end) ::_exit(99);
    sleep_for_seconds(0.001);
  }
}

/// Whether the calling thread would run a handler of any of those that have one.
bool takes_signals() {
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGALRM}) {
    if (::sigismember(&blocked, signal) == 0) return true;
  }
  return false;
}

TEST(StopSignalTest, EachIsNotedAndGivesItsExitCode) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGXCPU, SIGALRM}) {
    for (const auto& catch_them : {catch_stop_signals, catch_stop_signals_to_save}) {
      const Ended ended = run_in_child([&] {
        const std::atomic<int>& stop = catch_them();
        if (stop != 0) ::_exit(1);
        send(signal);
        wait_for([&] { return stop != 0; });
        ::_exit(exit_code_of_signal(stop));
      });
      EXPECT_EQ(ended.code, 128 + signal);
    }
  }
}

TEST(StopSignalTest, WhatDoesNotEndSoonIsEndedWithinHalfASecond) {
  const Ended ended = run_in_child([] {
    catch_stop_signals();
    send(SIGTERM);
    sleep_for_seconds(30.0);
  });
  EXPECT_EQ(ended.code, 143);
  EXPECT_EQ(ended.text, "ebm: stopped by signal 15; nothing was written\n");
  EXPECT_GT(ended.seconds, 0.3);
  EXPECT_LT(ended.seconds, 20.0);
}

TEST(StopSignalTest, AnAlarmOfSomebodyElseIsAStopSignal) {
  const Ended late = run_in_child([] {
    catch_stop_signals();
    send(SIGALRM);
    sleep_for_seconds(30.0);
  });
  EXPECT_EQ(late.code, 142);
  EXPECT_EQ(late.text, "ebm: stopped by signal 14; nothing was written\n");
  const Ended uncaught = run_in_child([] {
    end_at_stop_signals();
    send(SIGALRM);
    sleep_for_seconds(30.0);
  });
  EXPECT_EQ(uncaught.code, 142);
  EXPECT_EQ(uncaught.text, "ebm: stopped by signal 14; nothing was written\n");
}

TEST(StopSignalTest, WhatSavesFirstMayTakeLonger) {
  const Ended ended = run_in_child([] {
    const std::atomic<int>& stop = catch_stop_signals_to_save();
    send(SIGHUP);
    wait_for([&] { return stop != 0; });
    send(SIGTERM);  // as systemd sends both
    send(SIGHUP);
    send(SIGALRM);
    sleep_for_seconds(0.7);
    ::_exit(exit_code_of_signal(stop));
  });
  EXPECT_EQ(ended.code, 129);
  EXPECT_EQ(ended.text, "");
}

TEST(StopSignalTest, ASecondCtrlCEndsAtOnceAndLeavesNoFileBehind) {
  const fs::path folder = fs::temp_directory_path() / ("ebm_stop_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const Ended ended = run_in_child([&] {
    const std::atomic<int>& stop = catch_stop_signals_to_save();
    AtomicFile file(folder / "x.txt");
    send(SIGINT);
    wait_for([&] { return stop != 0; });
    send(SIGINT);
    sleep_for_seconds(30.0);
  });
  EXPECT_EQ(ended.code, 130);
  EXPECT_EQ(ended.text,
            "ebm: stopping; Ctrl-C again ends at once, without saving\n"
            "ebm: stopped by signal 2; not saved\n");
  EXPECT_TRUE(fs::is_empty(folder));
  fs::remove_all(folder);
}

TEST(StopSignalTest, UncaughtTheyEndTheProgramAtOnce) {
  const Ended ended = run_in_child([] {
    end_at_stop_signals();
    send(SIGHUP);
    sleep_for_seconds(30.0);
  });
  EXPECT_EQ(ended.code, 129);
  EXPECT_EQ(ended.text, "ebm: stopped by signal 1; nothing was written\n");
}

TEST(StopSignalTest, NohupKeepsAProgramRunning) {
  const Ended ended = run_in_child([] {
    ::signal(SIGHUP, SIG_IGN);
    const std::atomic<int>& stop = catch_stop_signals_to_save();
    send(SIGHUP);
    send(SIGTERM);
    wait_for([&] { return stop != 0; });
    ::_exit(exit_code_of_signal(stop));
  });
  EXPECT_EQ(ended.code, 143);
}

TEST(StopSignalTest, Sigusr1AsksForSavingOnce) {
  const Ended ended = run_in_child([] {
    const std::atomic<int>& stop = catch_stop_signals_to_save();
    const bool before = take_save_request();
    send(SIGUSR1);
    wait_for(take_save_request);
    ::_exit(!before && !take_save_request() && stop == 0 ? 7 : 1);
  });
  EXPECT_EQ(ended.code, 7);
}

// Machine code of libraries may have something else than the stack where a handler's frame goes.
TEST(StopSignalTest, NoThreadThatComputesRunsAHandler) {
  for (const auto& begin : {+[] { end_at_stop_signals(); }, +[] { catch_stop_signals(); },
                            +[] { catch_stop_signals_to_save(); }}) {
    const Ended ended = run_in_child([&] {
      if (!takes_signals()) ::_exit(1);
      begin();
      int n_taking = takes_signals() ? 1 : 0;
      std::thread([&] { n_taking += takes_signals() ? 1 : 0; }).join();
      if (n_taking > 0) ::_exit(2);
      let_signals_through();
      ::_exit(takes_signals() ? 7 : 3);
    });
    EXPECT_EQ(ended.code, 7);
  }
}

TEST(StopSignalTest, AProcessThatIsForkedOffTakesSignalsToo) {
  const Ended ended = run_in_child([] {
    catch_stop_signals_to_save();
    const Ended inner = run_in_child([] {
      const std::atomic<int>& stop = catch_stop_signals_to_save();
      send(SIGTERM);
      wait_for([&] { return stop != 0; });
      ::_exit(7);
    });
    ::_exit(inner.code);
  });
  EXPECT_EQ(ended.code, 7);
}

}  // namespace
}  // namespace ebm::base
