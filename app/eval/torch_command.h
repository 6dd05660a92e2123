#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm eval MODEL|--samples SPEC --data SPEC: compares samples with data in the features of a
/// network; of a model also detects OOD images by energies and estimates log Z.
void add_eval_command(CLI::App& app);

}  // namespace ebm::app
