#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm eval MODEL --data SPEC: samples against data in the features of a network, and how well
/// energies tell other data.
void add_eval_command(CLI::App& app);

}  // namespace ebm::app
