#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow score`: log-densities of data, and bits per dimension.
void add_flow_score(CLI::App& flow);

}  // namespace ebm::app
