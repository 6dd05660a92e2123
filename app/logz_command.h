#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "app/open_target.h"

namespace ebm::app {

/// ebm logz MODEL|--energy toy:NAME: ln of the integral of exp(−E/T) by annealed importance
/// sampling, forward and, from given samples of the target, in reverse.
/// @param open_model   how this program walks on a model
/// @param hand_over    called instead, before any work, if it cannot: starts the program that can
void add_logz_command(CLI::App& app, int& exit_code, const OpenModel& open_model,
                      const std::function<void()>& hand_over);

}  // namespace ebm::app
