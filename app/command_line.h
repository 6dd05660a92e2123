#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace ebm::app {

/// Gives the program its name, version and help format, which commands added later inherit.
void set_up_program(CLI::App& app);

/// Parses the command line and runs the chosen command (cli/run_program.h).
/// @param app  with its subcommands; their callbacks do the work and return through `exit_code`
int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code);

/// --seed, --threads and --json, which mean the same in every command.
CLI::Option* add_seed(CLI::App& command, std::int64_t& seed,
                      const std::string& what = "random seed");
CLI::Option* add_threads(CLI::App& command, std::int64_t& threads);
CLI::Option* add_json(CLI::App& command, bool& json);

/// The number of threads for an option whose 0 means one per core.
/// @throws Error(kUsage) if it is negative or absurd.
int resolve_threads(std::int64_t threads);

}  // namespace ebm::app
