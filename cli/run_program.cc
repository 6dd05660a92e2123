#include "cli/run_program.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "base/stop_signal.h"
#include "base/system/prepare_process.h"
#include "cli/arguments.h"
#include "cli/parse_fault.h"
#include "cli/strict_values.h"

namespace ebm::cli {
namespace {

int fail(const std::string& message, int code) {
  // LibTorch's messages go on with a backtrace.
  const std::string line = base::one_line(message.substr(0, message.find('\n')));
  std::fprintf(stderr, "ebm: %s\n", line.c_str());
  return code;
}

/// What was printed may still be in a buffer, and the disk behind it full.
int flush_output(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  return fail(std::string("cannot write to standard output: ") + std::strerror(errno), 74);
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const int& exit_code,
                const std::function<void()>& configure) {
  base::prepare_process();
  try {
    base::end_at_stop_signals();
    configure();
    check_values(app);
    std::vector<std::string> arguments = arguments_of(app, argc, argv);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(arguments);
    return flush_output(exit_code);
  } catch (const CLI::CallForHelp& help) {
    const CLI::App& command = chosen_command(app);
    if (!command.get_subcommands({}).empty() && !app.remaining(true).empty()) {
      return fail(parse_fault(app, help.what()) + see_help(command), 64);
    }
    std::printf("%s", app.help().c_str());
    return flush_output(0);
  } catch (const CLI::Success& version) {
    app.exit(version);
    std::cout.flush();
    return flush_output(0);
  } catch (const CLI::ParseError& error) {
    return fail(parse_fault(app, error.what()) + see_help(chosen_command(app)), 64);
  } catch (const base::Stopped& stopped) {
    return fail("stopped by signal " + std::to_string(stopped.signal) + "; nothing was written",
                base::exit_code_of_signal(stopped.signal));
  } catch (const Error& error) {
    return fail(error.what(), ebm::exit_code(error.code()));
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(error.path1().string() + ": " + error.code().message(), 74);
  } catch (const std::bad_alloc&) {
    return fail("out of memory", 70);
  } catch (const std::length_error&) {
    return fail("out of memory: an array would be larger than memory can be", 70);
  } catch (const std::exception& error) {
    return fail(error.what(), 70);
  }
}

}  // namespace ebm::cli
