#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// Adds `ebm flow invert`: maps data to latents and back, and reports the error.
void add_flow_invert(CLI::App& flow);

}  // namespace ebm::app
