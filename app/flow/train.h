#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow train`: trains a flow by maximum likelihood.
void add_flow_train(CLI::App& flow, int& exit_code);

}  // namespace ebm::app
