#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "app/target/open_target.h"

namespace ebm::app {

/// ebm logz MODEL|--energy toy:NAME: ln of the integral of exp(−E/T) by annealed importance
/// sampling, forward and, from given samples of the target, in reverse.
/// @param backends  how this program opens models
void add_logz_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
