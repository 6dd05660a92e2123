#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow score`: Log-densities of data and their bits per dimension.
void add_flow_score(CLI::App& flow, int& exit_code);

}  // namespace ebm::app
