#include "cli/parse_fault.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

#include "base/names/nearest_name.h"

namespace ebm::cli {
namespace {

/// "ebm gan train"
std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : path_of(*parent) + " ") + command.get_name();
}

/// The argument without a name that people take for an option: CONFIG for "--config". Null if there
/// is none.
const CLI::Option* argument_named(const CLI::App& command, const std::string& option) {
  std::string name = option.substr(std::min(option.find_first_not_of('-'), option.size()));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const CLI::Option* argument = name.empty() ? nullptr : command.get_option_no_throw(name);
  return argument != nullptr && argument->get_positional() ? argument : nullptr;
}

/// The value of an option that there is not: CLI11 has taken it for an argument without a name.
/// @return "" if there is none
std::string number_given_as_argument(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional() || option->count() == 0) continue;
    const std::string text = option->results().front();
    const bool is_number =
        text.find_first_not_of("0123456789.eE+-") == std::string::npos && !text.empty();
    return is_number ? text : "";
  }
  return "";
}

/// "unknown option --itrations; did you mean --iterations?", and of an option that --help does not
/// list, a key of --set: "unknown option --lr; did you mean --set learning_rate=0.1?"
/// @param rest  arguments that nothing has taken, `given` among them
std::string unknown_option(const CLI::App& command, const std::string& given,
                           const std::vector<std::string>& rest) {
  const std::string name = given.substr(0, given.find('='));
  std::vector<std::string> known, keys;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& each : option->get_lnames()) {
      (option->get_group().empty() ? keys : known).push_back("--" + each);
    }
  }
  std::string message = "unknown option " + name;
  if (const CLI::Option* argument = argument_named(command, name)) {
    return message + "; " + argument->get_name() + " is given without it: " + path_of(command) +
           " " + argument->get_name();
  }
  known.insert(known.end(), keys.begin(), keys.end());
  const std::string nearest = base::nearest_name(name, known);
  if (nearest.empty()) return message;
  if (std::find(keys.begin(), keys.end(), nearest) == keys.end()) {
    return message + "; did you mean " + nearest + "?";
  }
  const auto next = std::find(rest.begin(), rest.end(), given) + 1;
  std::string value = "VALUE";
  if (name.size() < given.size()) {
    value = given.substr(name.size() + 1);
  } else if (next != rest.end()) {
    value = *next;
  } else if (const std::string number = number_given_as_argument(command); !number.empty()) {
    value = number;
  }
  return message + "; did you mean --set " + nearest.substr(2) + "=" + value + "?";
}

/// How CLI11 begins its line on a value of another type.
constexpr const char* kNotConverted = "Could not convert: --";

/// "box = [0,x]: must be numbers", of "Could not convert: --box = [0,x]"
std::string not_a_number(const CLI::App& command, const std::string& fault) {
  const std::string text = fault.substr(std::string(kNotConverted).size());
  const std::string name = text.substr(0, text.find(' '));
  const CLI::Option* option = command.get_option_no_throw("--" + name);
  const std::string type = option == nullptr ? "" : option->get_type_name();
  return text + ": must be " + (type.empty() ? "a number" : type);
}

/// What CLI11 says of an option with too few or too many values, in words of this program.
/// @return nothing for another fault
std::string wrong_count(const std::string& fault) {
  const std::size_t colon = fault.find(": ");
  if (!fault.starts_with("--") || colon == std::string::npos) return "";
  const std::string name = fault.substr(2, colon - 2);
  std::istringstream text(fault.substr(colon + 2));
  std::string first, second, required, but, received;
  std::string wanted, found;
  text >> first >> second;
  if (second == "required") {  // "1 required INT missing", "2 required FILE FILE missing"
    std::string type;
    std::getline(text >> std::ws, type);
    return name + ": has no value; expected " + type.substr(0, type.rfind(' '));
  }
  // "At Most 1 required but received 2"
  if (first != "At" || !(text >> wanted >> required >> but >> received >> found)) return "";
  if (wanted == "1") return name + ": is given " + found + " times, must be given once";
  return name + ": takes " + wanted + " values, has " + found;
}

/// "--out is required: ...", where --resume is followed by a run folder, which is then CONFIG.
/// @return nothing for another fault
std::string missing_run_folder(const CLI::App& command, const std::string& fault) {
  const CLI::Option* resume = command.get_option_no_throw("--resume");
  const CLI::Option* config = command.get_option_no_throw("CONFIG");
  const bool is_it = fault == "--out is required" && resume != nullptr && resume->count() > 0 &&
                     config != nullptr && config->count() > 0;
  return is_it ? fault + ": to go on with a run, --resume --out " + config->results().front() : "";
}

}  // namespace

const CLI::App& chosen_command(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string see_help(const CLI::App& command) { return "; see " + path_of(command) + " --help"; }

std::string unknown_command(const CLI::App& parent, const std::string& name) {
  std::vector<std::string> known;
  for (const CLI::App* command : parent.get_subcommands({})) known.push_back(command->get_name());
  const std::string nearest = base::nearest_name(name, known);
  return "unknown command " + name + (nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

std::string parse_fault(const CLI::App& app, const std::string& fault) {
  const CLI::App& command = chosen_command(app);
  const bool is_leaf = command.get_subcommands({}).empty();
  const std::vector<std::string> rest = app.remaining(true);
  if (!is_leaf && !rest.empty() && !rest[0].starts_with('-')) {
    return unknown_command(command, rest[0]);
  }
  const auto dashed = std::find_if(rest.begin(), rest.end(),
                                   [](const std::string& each) { return each.starts_with('-'); });
  if (dashed != rest.end()) return unknown_option(command, *dashed, rest);
  if (fault.starts_with(kNotConverted)) return not_a_number(command, fault);
  if (std::string text = wrong_count(fault); !text.empty()) return text;
  if (std::string text = missing_run_folder(command, fault); !text.empty()) return text;
  if (fault.starts_with("The following argument") && !rest.empty()) {
    return "unexpected argument " + rest[0];
  }
  return fault;
}

}  // namespace ebm::cli
