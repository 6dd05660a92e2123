#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow invert`: Maps data to latents and back, and tells how exactly.
void add_flow_invert(CLI::App& flow, int& exit_code);

}  // namespace ebm::app
