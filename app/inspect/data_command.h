#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm data SPEC: what the loader sees.
void add_data_command(CLI::App& app);

}  // namespace ebm::app
