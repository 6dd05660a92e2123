#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "nets/model.h"
#include "samplers/energy.h"

namespace ebm::app {

/// A trained model as an energy to walk on.
using OpenModel = std::function<std::shared_ptr<const samplers::Energy>(const nets::Model& model)>;

/// ebm sample MODEL|--energy toy:NAME: draws samples by Langevin dynamics.
/// @param open_model   how this program walks on a model
/// @param hand_over    called instead, before any work, if it cannot: starts the program that can
void add_sample_command(CLI::App& app, int& exit_code, const OpenModel& open_model,
                        const std::function<void()>& hand_over);

}  // namespace ebm::app
