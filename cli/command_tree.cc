#include "cli/command_tree.h"

namespace ebm::cli {
namespace {

void add_nodes(const CLI::App& command, const std::string& above, std::vector<CommandNode>& nodes) {
  const std::string path = above + command.get_name();
  const auto below = command.get_subcommands(
      [](const CLI::App* sub) { return !sub->get_prefix_command() && !sub->get_group().empty(); });
  nodes.push_back({path, &command, below});
  for (const CLI::App* sub : below) add_nodes(*sub, path + " ", nodes);
}

}  // namespace

std::vector<const CLI::Option*> CommandNode::options() const {
  return command->get_options([](const CLI::Option* option) {
    return option->nonpositional() && !option->get_group().empty();
  });
}

std::vector<const CLI::Option*> CommandNode::arguments() const {
  return command->get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<CommandNode> command_tree(const CLI::App& program) {
  std::vector<CommandNode> nodes;
  add_nodes(program, "", nodes);
  return nodes;
}

std::vector<std::string> dashed_names(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool takes_value(const CLI::Option& option) { return !option.get_type_name().empty(); }

std::string escaped(const std::string& text, const std::string& special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

}  // namespace ebm::cli
