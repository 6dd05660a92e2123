#pragma once

#include <cstdint>

#include "samplers/throughput/bench_case.h"

namespace ebm::samplers {

/// Refuses to time what is wrong: runs a few hundred chains for a few steps and compares
///   - the energy's gradient with difference quotients of its energy; where it is of less precision
///     than float32, with the gradient of the same energy in float32
///   - states and energies on the case's number of threads with those on one, bit by bit
/// and every energy has to be finite.
/// @throws Error(kInternal) on a difference, Error(kDiverged) if a chain became non-finite (NaN or
/// infinity).
void check_case(const BenchCase& bench_case, std::uint64_t seed);

}  // namespace ebm::samplers
