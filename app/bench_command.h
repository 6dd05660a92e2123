#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm bench: chain-steps a second, for all combinations of what is swept.
void add_bench_command(CLI::App& app, int& exit_code);

}  // namespace ebm::app
