#pragma once

#include "app/command_line.h"

namespace ebm::app {

/// `ebm modes`: the modules of a graph by the map equation.
void add_modes_command(CLI::App& app);

}  // namespace ebm::app
