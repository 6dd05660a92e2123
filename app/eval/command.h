#pragma once

#include <CLI/CLI.hpp>

#include "app/target/open_target.h"

namespace ebm::app {

/// ebm eval MODEL|--samples SPEC --data SPEC: compares samples with data in the features of a
/// network; of a model also detects OOD images by energies and estimates log Z.
void add_eval_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
