#pragma once

#include <CLI/CLI.hpp>

#include "app/target/open_target.h"

namespace ebm::app {

/// ebm score MODEL --data SPEC --out FILE: the energy of every item, in order.
/// @param backends  how this program opens models
void add_score_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
