#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "evaluation/throughput/bench_sweep.h"

namespace ebm::app {

/// ebm bench: chain-steps a second, for all combinations of what is swept.
/// @param torch_energy  how this program evaluates a network by LibTorch, null if it cannot
/// @param hand_over     called then, before any work: starts the program that can
void add_bench_command(CLI::App& app, const evaluation::TorchNetEnergy& torch_energy,
                       const std::function<void()>& hand_over);

}  // namespace ebm::app
