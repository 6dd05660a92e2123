#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace ebm::app {

/// Parses the words of a command line and runs the chosen command. Errors are one line on stderr
/// and the exit code of their kind; 64 for words that do not parse; 128 + the signal for
/// base::Stopped.
/// @param app  with its subcommands; their callbacks do the work and return through `exit_code`
int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code);

/// The number of threads for an option whose 0 means one a core.
/// @throws Error(kUsage) if it is negative or absurd.
int resolve_threads(std::int64_t threads);

}  // namespace ebm::app
