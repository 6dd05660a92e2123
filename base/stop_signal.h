#pragma once

#include <atomic>

namespace ebm::base {

/// From the first call on, SIGINT and SIGTERM do not end the program but store their number in the
/// returned variable, which is 0 before; a second one ends the program at once. SIGPIPE is ignored.
const std::atomic<int>& catch_stop_signals();

/// Thrown where a computation that cannot return early is stopped by a signal.
struct Stopped {
  int signal;
};
/// @throws Stopped if `stop`, of catch_stop_signals(), holds a signal.
void throw_if_stopped(const std::atomic<int>& stop);

/// The exit code that shells expect of a program ended by a signal, 128 + its number: 130 or 143.
int exit_code_of_signal(int signal);

}  // namespace ebm::base
