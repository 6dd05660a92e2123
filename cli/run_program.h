#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace ebm::cli {

/// Prepares the process, parses the command line (cli/arguments.h) and runs the chosen command. An
/// error is one line on stderr, "ebm: ...", and the exit code of its kind: 64 for arguments that do
/// not parse, those of ebm::Error, 70 for others and where memory is short, 74 where what was
/// printed found no room, 128 + the signal for base::Stopped.
/// @param app        with its commands; their callbacks do the work and return through `exit_code`
/// @param configure  called first; its errors count like those of a command
int run_program(CLI::App& app, int argc, char** argv, const int& exit_code,
                const std::function<void()>& configure);

}  // namespace ebm::cli
