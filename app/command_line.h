#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::app {

/// Gives the program its name, version and help format, which commands added later inherit.
void set_up_program(CLI::App& app);

/// Parses the command line and runs the chosen command. `ebm help COMMAND` is taken for
/// `ebm COMMAND --help`, and a command that only groups others shows its help.
/// Errors are one line on stderr and the exit code of their kind; 64 for invalid arguments;
/// 128 + the signal for base::Stopped.
/// @param app  with its subcommands; their callbacks do the work and return through `exit_code`
int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code);

/// The options that stand on the command line, by their long names without dashes, in the order in
/// which the command defines them.
/// @param groups  of --help to look at; all if there is none
std::vector<std::string> given_options(const CLI::App& command,
                                       std::initializer_list<std::string_view> groups = {});

/// Options that would have no effect.
/// @throws Error(kUsage) "NAME: WHY" for the first of `names` that is among `given`.
void refuse_options(const std::vector<std::string>& given,
                    std::initializer_list<std::string_view> names, const std::string& why);

/// --seed, --threads and --json, which mean the same in every command.
CLI::Option* add_seed(CLI::App& command, std::int64_t& seed,
                      const std::string& what = "random seed");
CLI::Option* add_threads(CLI::App& command, std::int64_t& threads);
CLI::Option* add_json(CLI::App& command, bool& json);

/// The number of threads for an option whose 0 means one per core.
/// @throws Error(kUsage) if it is negative or absurd.
int resolve_threads(std::int64_t threads);

}  // namespace ebm::app
