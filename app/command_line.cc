#include "app/command_line.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
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
#include "base/system/cpu_limit.h"
#include "base/system/prepare_process.h"
#include "cli/help_text.h"
#include "cli/parse_fault.h"
#include "cli/strict_values.h"
#include "data/home_folder.h"
#include "samplers/simd/simd_target.h"

namespace ebm::app {
namespace {

int fail(const std::string& message, int code) {
  // LibTorch's messages go on with a backtrace.
  const std::string line = base::one_line(message.substr(0, message.find('\n')));
  std::fprintf(stderr, "ebm: %s\n", line.c_str());
  return code;
}

/// Whether -h or --help is among the arguments. What follows "--" has no options.
bool asks_for_help(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::any_of(arguments.begin(), end, [](const std::string& argument) {
    return argument == "-h" || argument == "--help";
  });
}

/// CLI11 takes the argument after `--n=` for its value.
/// @throws Error(kUsage) for an option that is followed by = and nothing
void require_values(const CLI::App& command, const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  for (auto at = arguments.begin(); at != end; ++at) {
    if (!at->starts_with("--") || at->find('=') + 1 != at->size()) continue;
    throw Error(ErrorCode::kUsage,
                at->substr(2, at->size() - 3) + " = : must not be empty" + cli::see_help(command));
  }
}

/// Of `--out=~/x` and `features=~/x`: shells replace a ~ only where a word begins with it.
void expand_home_folders(std::vector<std::string>& arguments) {
  for (std::string& argument : arguments) {
    const std::size_t equals = argument.find("=~");
    const std::string name = argument.substr(0, equals);
    if (equals == std::string::npos || name.find_first_of("=/: ") != std::string::npos) continue;
    argument.replace(equals + 1, std::string::npos, data::expand_home(argument.substr(equals + 1)));
  }
}

/// The arguments to parse, without the program's name.
/// @throws Error(kUsage) for `help` of a command that does not exist.
std::vector<std::string> arguments_of(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool is_help = !arguments.empty() && arguments[0] == "help" &&
                       (arguments.size() == 1 || !arguments[1].starts_with('-'));
  if (is_help) arguments.erase(arguments.begin());
  const CLI::App* command = &app;
  bool only_commands = true;
  std::size_t n_commands = 0;
  for (const std::string& argument : arguments) {
    // Another program knows the commands of this one.
    if (command->get_prefix_command()) break;
    const auto below =
        command->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == argument; });
    only_commands = !below.empty();
    if (!only_commands && is_help && !argument.starts_with('-')) {
      throw Error(ErrorCode::kUsage,
                  cli::unknown_command(*command, argument) + cli::see_help(*command));
    }
    if (!only_commands) break;
    command = below.front();
    ++n_commands;
  }
  // CLI11 would look at the values of options first.
  if (command->get_subcommands({}).empty() && asks_for_help(arguments)) {
    arguments.resize(n_commands);
    arguments.emplace_back("--help");
  } else {
    require_values(*command, arguments);
    expand_home_folders(arguments);
  }
  // A command that only groups others shows its help.
  if (is_help || (only_commands && command->get_require_subcommand_min() > 0)) {
    arguments.emplace_back("--help");
  }
  return arguments;
}

/// Of the program itself; commands that are added later would inherit it.
void add_program_footer(CLI::App& app) {
  app.footer(
      "`ebm help COMMAND` describes a command and its options.\n\n"
      "SPEC names a data set, such as fashion-mnist or images:FOLDER; `ebm help data`\n"
      "lists all forms. MODEL is a run folder, a checkpoint folder, a .safetensors\n"
      "file, or the name of a model that comes with the program.\n\n"
      "Environment:\n" +
      cli::help_entry("EBM_DATA", "folder of the Fashion-MNIST files") +
      cli::help_entry("EBM_SIMD", "SIMD target instead of the best, as AVX2; bf16 unit, as F32") +
      "\nExit codes:\n" + cli::help_entry("0", "success") +
      cli::help_entry("64", "usage: an unknown command or option, or an invalid value") +
      cli::help_entry("65", "invalid data in an input file") +
      cli::help_entry("66", "an input does not exist") +
      cli::help_entry("70", "internal error, or out of memory") +
      cli::help_entry("71", "diverged: a result is not finite") +
      cli::help_entry("74", "reading or writing failed") +
      cli::help_entry("130, 128+N",
                      "stopped by Ctrl-C, by signal N; training saves its state first"));
  cli::add_examples(app, {"ebm train quick --data fashion-mnist --out run",
                          "ebm sample run --n 64 --out samples.png"});
}

/// What was printed may still be in a buffer, and the disk behind it full.
int flush_output(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  return fail(std::string("cannot write to standard output: ") + std::strerror(errno), 74);
}

}  // namespace

void set_up_program(CLI::App& app) {
  app.name("ebm");
  app.description("Energy-based models of images: train them, draw samples, evaluate");
  app.formatter(cli::make_help_formatter());
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", EBM_VERSION, "print the version");
  app.require_subcommand(1);
}

int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code) {
  base::prepare_process();
  base::end_at_stop_signals();
  try {
    samplers::apply_simd_override();
    cli::check_values(app);
    add_program_footer(app);
    std::vector<std::string> arguments = arguments_of(app, argc, argv);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(arguments);
    return flush_output(exit_code);
  } catch (const CLI::CallForHelp& help) {
    const CLI::App& command = cli::chosen_command(app);
    if (!command.get_subcommands({}).empty() && !app.remaining(true).empty()) {
      return fail(cli::parse_fault(app, help.what()) + cli::see_help(command), 64);
    }
    std::printf("%s", app.help().c_str());
    return flush_output(0);
  } catch (const CLI::Success& version) {
    app.exit(version);
    std::cout.flush();
    return flush_output(0);
  } catch (const CLI::ParseError& error) {
    return fail(cli::parse_fault(app, error.what()) + cli::see_help(cli::chosen_command(app)), 64);
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
      .add_option("--threads", threads,
                  "0 = one for each CPU that the process may use; results do not depend on it")
      ->capture_default_str();
}

CLI::Option* add_json(CLI::App& command, bool& json) {
  return command.add_flag("--json", json, "print one JSON document");
}

int resolve_threads(std::int64_t threads) {
  if (threads < 0 || threads > 1024) {
    throw Error(ErrorCode::kUsage, "threads = " + std::to_string(threads) +
                                       ": must be from 1 to 1024, or 0 for one per core");
  }
  const int n = threads > 0 ? static_cast<int>(threads) : base::default_threads();
  base::require_threads(n);
  return n;
}

}  // namespace ebm::app
