#include "cli/run_program.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/stop_signal.h"
#include "tests/cli/example_app.h"

namespace ebm::cli {
namespace {

/// What a program whose command `gan train` calls `work` returns and writes to stderr.
struct Ran {
  int code;
  std::string fault;
};
Ran ran(
    std::vector<std::string> arguments, const std::function<void()>& work,
    const std::function<void()>& configure = [] {}) {
  ExampleApp example;
  int exit_code = 0;
  CLI::App* gan = example.app.get_subcommand("gan");
  gan->add_subcommand("play", "Calls the work")->callback([&] {
    work();
    exit_code = 3;
  });
  arguments.insert(arguments.begin(), "ebm");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  testing::internal::CaptureStderr();
  const int code =
      run_program(example.app, static_cast<int>(argv.size()), argv.data(), exit_code, configure);
  return {code, testing::internal::GetCapturedStderr()};
}

void expect_fault(const std::function<void()>& work, int code, const std::string& line) {
  const Ran found = ran({"gan", "play"}, work);
  EXPECT_EQ(found.code, code);
  EXPECT_EQ(found.fault, "ebm: " + line + "\n");
}

TEST(RunProgramTest, TheCommandSaysWhatToReturn) {
  const Ran found = ran({"gan", "play"}, [] {});
  EXPECT_EQ(found.code, 3);
  EXPECT_EQ(found.fault, "");
}

TEST(RunProgramTest, EachKindOfErrorHasItsExitCode) {
  expect_fault([] { throw Error(ErrorCode::kUsage, "n = 0"); }, 64, "n = 0");
  expect_fault([] { throw Error(ErrorCode::kBadData, "x.npy: no array"); }, 65, "x.npy: no array");
  expect_fault([] { throw Error(ErrorCode::kIo, "cannot write"); }, 74, "cannot write");
  expect_fault([] { throw std::bad_alloc(); }, 70, "out of memory");
  expect_fault([] { throw std::length_error("vector"); }, 70,
               "out of memory: an array would be larger than memory can be");
  expect_fault([] { throw std::runtime_error("odd"); }, 70, "odd");
  expect_fault([] { throw base::Stopped{SIGTERM}; }, 128 + SIGTERM,
               "stopped by signal 15; nothing was written");
  const auto no_entry = std::make_error_code(std::errc::no_such_file_or_directory);
  expect_fault([&] { throw std::filesystem::filesystem_error("open", "a/b", no_entry); }, 74,
               "a/b: No such file or directory");
}

// LibTorch's messages go on with a backtrace.
TEST(RunProgramTest, AFaultIsOneLine) {
  expect_fault([] { throw std::runtime_error("first\nframe #0\nframe #1"); }, 70, "first");
}

TEST(RunProgramTest, ArgumentsThatDoNotParseAreUsage) {
  const auto none = [] { FAIL(); };
  EXPECT_EQ(ran({"gan", "paly"}, none).code, 64);
  EXPECT_EQ(ran({"gan", "paly"}, none).fault,
            "ebm: unknown command paly; did you mean play?; see ebm gan --help\n");
  EXPECT_EQ(ran({"gan", "play", "--count="}, none).code, 64);
}

TEST(RunProgramTest, WhatConfiguresItMayFailToo) {
  const Ran found = ran(
      {"gan", "play"}, [] { FAIL(); },
      [] { throw Error(ErrorCode::kUsage, "EBM_SIMD = X: no such target"); });
  EXPECT_EQ(found.code, 64);
  EXPECT_EQ(found.fault, "ebm: EBM_SIMD = X: no such target\n");
}

}  // namespace
}  // namespace ebm::cli
