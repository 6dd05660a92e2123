#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm data SPEC: describes a data set.
void add_data_command(CLI::App& app);

}  // namespace ebm::app
