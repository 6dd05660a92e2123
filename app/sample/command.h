#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "app/target/open_target.h"

namespace ebm::app {

/// ebm sample MODEL|--energy toy:NAME: draws samples with any sampler, and diagnoses the chains.
/// @param backends  how this program opens models
void add_sample_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
