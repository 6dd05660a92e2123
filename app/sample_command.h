#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "app/open_target.h"

namespace ebm::app {

/// ebm sample MODEL|--energy toy:NAME: draws samples with any sampler, and diagnoses the chains.
/// @param open_model   how this program walks on a model
/// @param hand_over    called instead, before any work, if it cannot: starts the program that can
void add_sample_command(CLI::App& app, int& exit_code, const OpenModel& open_model,
                        const std::function<void()>& hand_over);

}  // namespace ebm::app
