#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow sample`: draws samples from a flow.
void add_flow_sample(CLI::App& flow);

}  // namespace ebm::app
