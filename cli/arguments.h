#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ebm::cli {

/// The arguments of a program as CLI11 should see them, without the program's name:
///   help COMMAND       becomes COMMAND --help; a command that only groups others gets --help
///   COMMAND x --help   becomes COMMAND --help, as CLI11 would look at the values of options first
///   --out=~/x          has the home folder in place of ~, which shells replace only where a word
///                      begins with it
/// Nothing behind "--" is taken for an option.
/// @throws Error(kUsage) for `help` of a command that does not exist, and for an option that is
///         followed by = and nothing: CLI11 would take the next argument for its value
std::vector<std::string> arguments_of(const CLI::App& app, int argc, const char* const* argv);

}  // namespace ebm::cli
