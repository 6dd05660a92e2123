#include "app/parse_fault.h"

#include <algorithm>
#include <vector>

#include "base/nearest_name.h"

namespace ebm::app {
namespace {

/// "ebm gan train"
std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : path_of(*parent) + " ") + command.get_name();
}

/// "unknown option --itrations; did you mean --iterations?"
std::string unknown_option(const CLI::App& command, const std::string& given) {
  const std::string name = given.substr(0, given.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& each : option->get_lnames()) known.push_back("--" + each);
  }
  const std::string nearest = base::nearest_name(name, known);
  return "unknown option " + name + (nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

/// How CLI11 begins its line on a value of another type.
constexpr const char* kNotConverted = "Could not convert: --";

/// "steps = x: must be a whole number", of "Could not convert: --steps = x"
std::string not_a_number(const CLI::App& command, const std::string& fault) {
  const std::string text = fault.substr(std::string(kNotConverted).size());
  const CLI::Option* option = command.get_option_no_throw("--" + text.substr(0, text.find(' ')));
  const bool whole = option != nullptr && option->get_type_name().starts_with("INT");
  return text + (whole ? ": must be a whole number" : ": must be a number");
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
  if (dashed != rest.end()) return unknown_option(command, *dashed);
  if (fault.starts_with(kNotConverted)) return not_a_number(command, fault);
  if (fault.starts_with("The following argument") && !rest.empty()) {
    return "unexpected argument " + rest[0];
  }
  return fault;
}

}  // namespace ebm::app
