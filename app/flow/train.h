#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow train`: Learns a flow by the likelihood of a data set.
void add_flow_train(CLI::App& flow, int& exit_code);

}  // namespace ebm::app
