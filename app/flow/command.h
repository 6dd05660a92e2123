#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow` with its subcommands.
void add_flow_command(CLI::App& app, int& exit_code);

}  // namespace ebm::app
