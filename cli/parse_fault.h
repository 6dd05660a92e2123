#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ebm::cli {

/// The command that was chosen last on the command line: that of `gan train` within `ebm`.
const CLI::App& chosen_command(const CLI::App& app);

/// "; see ebm gan train --help"
std::string see_help(const CLI::App& command);

/// "unknown command trian; did you mean train?"
std::string unknown_command(const CLI::App& parent, const std::string& name);

/// What is wrong with arguments that do not parse. CLI11 calls a mistyped command a missing one,
/// and tells of a required option that is missing before it tells of one that is mistyped.
/// @param fault  CLI11's own line
std::string parse_fault(const CLI::App& app, const std::string& fault);

}  // namespace ebm::cli
