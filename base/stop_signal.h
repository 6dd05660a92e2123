#pragma once

#include <atomic>

namespace ebm::app {

/// From the first call on, SIGINT and SIGTERM do not end the program but set the returned number to
/// theirs; a second one ends it at once. SIGPIPE is ignored.
const std::atomic<int>& catch_stop_signals();

/// A signal came; unwinds what cannot be asked to stop.
struct Stopped {
  int signal;
};
/// @throws Stopped if a signal has come.
void stop_if_told(const std::atomic<int>& stop);

/// 128 + the signal, as shells count: 130 or 143.
int exit_code_of_signal(int signal);

}  // namespace ebm::app
