#include "cli/arguments.h"

#include <algorithm>
#include <cstddef>

#include "base/error.h"
#include "base/system/home_folder.h"
#include "cli/parse_fault.h"

namespace ebm::cli {
namespace {

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
                at->substr(2, at->size() - 3) + " = : must not be empty" + see_help(command));
  }
}

/// Of `--out=~/x` and `features=~/x`, where no shell replaces the ~, and of `~/x`, which comes here
/// if it stood in quotes or if no shell was there.
void expand_home_folders(std::vector<std::string>& arguments) {
  for (std::string& argument : arguments) {
    argument = base::expand_home(argument);
    const std::size_t equals = argument.find("=~");
    const std::string name = argument.substr(0, equals);
    if (equals == std::string::npos || name.find_first_of("=/: ") != std::string::npos) continue;
    argument.replace(equals + 1, std::string::npos, base::expand_home(argument.substr(equals + 1)));
  }
}

}  // namespace

std::vector<std::string> arguments_of(const CLI::App& app, int argc, const char* const* argv) {
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
      throw Error(ErrorCode::kUsage, unknown_command(*command, argument) + see_help(*command));
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

}  // namespace ebm::cli
