#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ebm::base {

// Variables of the environment that libgomp reads before main().

/// Stack of each thread that OpenMP starts.
struct OpenMpStack {
  std::uint64_t n_bytes;
  std::string setting;  ///< "OMP_STACKSIZE=8m", for messages
};

/// What OMP_STACKSIZE or, without it, GOMP_STACKSIZE says: a number, of kibibytes unless B, K, M or
/// G is behind it. Nothing if neither is set or libgomp does not take it: then the stacks are those
/// of all threads.
std::optional<OpenMpStack> openmp_stack();

/// Takes out of the environment what libgomp has refused by now, with a line for each, and what
/// does nothing in this program, so that it does not say the same again in a program that replaces
/// this one.
void forget_refused_settings();

}  // namespace ebm::base
