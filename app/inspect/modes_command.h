#pragma once

#include "app/command_line.h"
#include "app/target/open_target.h"

namespace ebm::app {

/// `ebm modes`: the modes of an energy, or the modules of a graph, by the map equation.
void add_modes_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
