#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm score MODEL --data SPEC --out FILE: the energy of every item, in order.
void add_score_command(CLI::App& app);

}  // namespace ebm::app
