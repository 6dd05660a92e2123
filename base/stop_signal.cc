#include "base/stop_signal.h"

#include <csignal>

namespace ebm::base {
namespace {

std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "set in a signal handler");

extern "C" void remember_signal(int signal) {
  g_signal = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

const std::atomic<int>& catch_stop_signals() {
  std::signal(SIGINT, remember_signal);
  std::signal(SIGTERM, remember_signal);
  // A reader that closes its end of a pipe must not cost hours of training.
  std::signal(SIGPIPE, SIG_IGN);
  return g_signal;
}

void throw_if_stopped(const std::atomic<int>& stop) {
  if (const int signal = stop; signal != 0) throw Stopped{signal};
}

int exit_code_of_signal(int signal) { return 128 + signal; }

}  // namespace ebm::base
