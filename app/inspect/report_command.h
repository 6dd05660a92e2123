#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// ebm report RUN: one page of HTML that shows a training run.
void add_report_command(CLI::App& app);

}  // namespace ebm::app
