#include "app/command_line.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/nearest_name.h"
#include "base/stop_signal.h"
#include "samplers/simd/simd_target.h"

namespace ebm::app {
namespace {

int fail(const std::string& message, int code) {
  // LibTorch's messages go on with a backtrace.
  std::fprintf(stderr, "ebm: %s\n", message.substr(0, message.find('\n')).c_str());
  return code;
}

/// What is wrong with words that do not parse. CLI11 calls a mistyped command a missing one.
std::string parse_fault(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> rest = app.remaining();
  if (!app.get_subcommands().empty() || rest.empty()) return error.what();
  if (rest[0].starts_with('-')) return "unknown option " + rest[0];
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(command->get_name());
  }
  const std::string nearest = base::nearest_name(rest[0], commands);
  return "unknown command " + rest[0] + (nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

/// CLI11 takes a whole number that is too large for the largest there is.
void refuse_overflow(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_type_name() != "INT") continue;
    option->check(CLI::Validator(
        [](const std::string& text) {
          std::int64_t value = 0;
          const auto found = std::from_chars(text.data(), text.data() + text.size(), value);
          return found.ec == std::errc::result_out_of_range
                     ? text + ": must be from -9223372036854775808 to 9223372036854775807"
                     : std::string();
        },
        ""));
  }
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) refuse_overflow(*sub);
}

/// What was printed may still be in a buffer, and the disk behind it full.
int flush_output(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  return fail(std::string("cannot write to standard output: ") + std::strerror(errno), 74);
}

}  // namespace

int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code) {
  try {
    samplers::apply_simd_override();
    refuse_overflow(app);
    app.parse(argc, argv);
    return flush_output(exit_code);
  } catch (const CLI::Success& help) {
    app.exit(help);
    std::cout.flush();
    return flush_output(0);
  } catch (const CLI::ParseError& error) {
    std::string command = "ebm";
    for (auto used = app.get_subcommands(); !used.empty(); used = used.front()->get_subcommands()) {
      command += " " + used.front()->get_name();
    }
    return fail(parse_fault(app, error) + "; see " + command + " --help", 64);
  } catch (const base::Stopped& stopped) {
    return fail("stopped by signal " + std::to_string(stopped.signal) + "; nothing was written",
                base::exit_code_of_signal(stopped.signal));
  } catch (const Error& error) {
    return fail(error.what(), ebm::exit_code(error.code()));
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(error.path1().string() + ": " + error.code().message(), 74);
  } catch (const std::bad_alloc&) {
    return fail("out of memory", 70);
  } catch (const std::exception& error) {
    return fail(error.what(), 70);
  }
}

std::vector<std::string> given_options(const CLI::App& command,
                                       std::initializer_list<std::string_view> groups) {
  std::vector<std::string> given;
  for (const CLI::Option* option : command.get_options()) {
    const bool counts = groups.size() == 0 || std::find(groups.begin(), groups.end(),
                                                        option->get_group()) != groups.end();
    if (counts && option->count() > 0 && !option->get_lnames().empty()) {
      given.push_back(option->get_lnames().front());
    }
  }
  return given;
}

void refuse_options(const std::vector<std::string>& given,
                    std::initializer_list<std::string_view> names, const std::string& why) {
  for (const std::string_view name : names) {
    if (std::find(given.begin(), given.end(), name) == given.end()) continue;
    throw Error(ErrorCode::kUsage, std::string(name) + ": " + why);
  }
}

CLI::Option* add_seed(CLI::App& command, std::int64_t& seed, const std::string& what) {
  return command.add_option("--seed", seed, what)->capture_default_str();
}

CLI::Option* add_threads(CLI::App& command, std::int64_t& threads) {
  return command
      .add_option("--threads", threads, "0 = one thread per core; results do not depend on it")
      ->capture_default_str();
}

CLI::Option* add_json(CLI::App& command, bool& json) {
  return command.add_flag("--json", json, "print one JSON document");
}

int resolve_threads(std::int64_t threads) {
  if (threads < 0 || threads > 1024) {
    throw Error(ErrorCode::kUsage, "threads = " + std::to_string(threads) +
                                       ": must be from 1 to 1024, or 0 for one a core");
  }
  if (threads > 0) return static_cast<int>(threads);
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace ebm::app
