#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ebm::cli {

/// A command as shells and manual pages see it.
struct CommandNode {
  std::string path;  ///< "ebm gan train"
  const CLI::App* command;
  std::vector<const CLI::App*> below;  ///< its sub-commands

  /// The options that have dashes, without hidden ones, and the positional ones.
  std::vector<const CLI::Option*> options() const;
  std::vector<const CLI::Option*> arguments() const;
};

/// The program and all of its commands, each before those below it. Commands of another program are
/// left out.
std::vector<CommandNode> command_tree(const CLI::App& program);

/// The names of an option with their dashes: -h, --help.
std::vector<std::string> dashed_names(const CLI::Option& option);

/// Whether an option is followed by a value.
bool takes_value(const CLI::Option& option);

/// The text with a backslash before each character of `special`.
std::string escaped(const std::string& text, const std::string& special);

}  // namespace ebm::cli
