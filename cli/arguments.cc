#include "cli/arguments.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>

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

/// CLI11 takes what follows for the value of an option, also if it is the next option.
/// @throws Error(kUsage) for an option that is followed by one in the place of a value
void require_no_options_as_values(const CLI::App& command,
                                  const std::vector<std::string>& arguments) {
  const auto option_at = [&](std::size_t i) {
    const bool is_long =
        i < arguments.size() && arguments[i].size() > 2 && arguments[i].starts_with("--");
    // `--seed=3` is the option --seed.
    return is_long ? command.get_option_no_throw(arguments[i].substr(0, arguments[i].find('=')))
                   : nullptr;
  };
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const CLI::Option* option = option_at(i);
    const bool takes_value = option != nullptr && option->get_items_expected_min() > 0 &&
                             arguments[i].find('=') == std::string::npos;
    if (!takes_value || option_at(i + 1) == nullptr) continue;
    throw Error(ErrorCode::kUsage, arguments[i].substr(2) + ": has no value, as " +
                                       arguments[i + 1] + " is an option; if it is meant, give " +
                                       arguments[i] + "=" + arguments[i + 1] + see_help(command));
  }
}

/// What of an argument may name a file: it, and it up to its first #, each also behind the first =
/// and the first : after that (`--data=x`, `npy:x#limit=3`).
std::vector<std::string> file_names_in(const std::string& argument) {
  std::vector<std::string> names;
  for (std::string text : {argument, argument.substr(0, argument.find('#'))}) {
    names.push_back(text);
    for (const char mark : {'=', ':'}) {
      const std::size_t at = text.find(mark);
      if (at == std::string::npos) continue;
      text.erase(0, at + 1);
      names.push_back(text);
    }
  }
  return names;
}

/// Chains may go on in the file that they start from.
bool may_be_written_over(const std::vector<std::string>& arguments, std::size_t i) {
  return arguments[i].starts_with("--init=") || (i > 0 && arguments[i - 1] == "--init");
}

/// @throws Error(kUsage) if the file of --out exists and another argument names it: what is read
///         would be lost
void require_output_is_no_input(const std::vector<std::string>& arguments) {
  namespace fs = std::filesystem;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_next = arguments[i] == "--out" && i + 1 < arguments.size();
    if (!is_next && !arguments[i].starts_with("--out=")) continue;
    const std::size_t at = is_next ? i + 1 : i;
    const std::string out = is_next ? arguments[at] : arguments[at].substr(6);
    std::error_code none;
    if (!fs::is_regular_file(out, none)) continue;
    for (std::size_t other = 0; other < arguments.size(); ++other) {
      if (other == at || may_be_written_over(arguments, other)) continue;
      for (const std::string& name : file_names_in(arguments[other])) {
        if (!fs::equivalent(out, name, none)) continue;
        throw Error(ErrorCode::kUsage,
                    "out = " + out + ": is read by " + arguments[other] + "; give another file");
      }
    }
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
    require_no_options_as_values(*command, arguments);
    expand_home_folders(arguments);
    require_output_is_no_input(arguments);
  }
  // A command that only groups others shows its help.
  if (is_help || (only_commands && command->get_require_subcommand_min() > 0)) {
    arguments.emplace_back("--help");
  }
  return arguments;
}

}  // namespace ebm::cli
