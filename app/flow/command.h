#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// What MODEL means to the commands of flows, for --help.
inline constexpr const char* kFlowModelHelp =
    "run folder, checkpoint folder or .safetensors file of ebm flow train";

/// Adds `ebm flow` with its subcommands.
void add_flow_command(CLI::App& app, int& exit_code);

}  // namespace ebm::app
