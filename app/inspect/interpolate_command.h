#pragma once

#include <CLI/CLI.hpp>

#include "app/target/open_target.h"

namespace ebm::app {

/// ebm interpolate MODEL: a minimum-energy path between two states.
void add_interpolate_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
