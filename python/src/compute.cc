#include "python/src/compute.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>

#include "base/interruption.h"

namespace ebm::python {
namespace {

std::atomic<int> g_stop{0};
struct sigaction g_previous {};

/// Takes the signal, then lets Python's own handler note it.
void on_interrupt(int signal) {
  g_stop = signal;
  if (g_previous.sa_handler != SIG_DFL && g_previous.sa_handler != SIG_IGN) {
    g_previous.sa_handler(signal);
  }
}

/// While one lives, computations look at g_stop, and SIGINT sets it if Python takes that signal.
class InterruptWatch {
 public:
  InterruptWatch() {
    const std::lock_guard lock(mutex_);
    if (n_alive_++ > 0) return;
    g_stop = 0;
    scope_.emplace(g_stop);
    struct sigaction now {};
    ::sigaction(SIGINT, nullptr, &now);
    has_handler_ = now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN;
    if (!has_handler_) return;
    g_previous = now;
    struct sigaction ours = now;
    ours.sa_handler = on_interrupt;
    ours.sa_flags &= ~SA_SIGINFO;
    ::sigaction(SIGINT, &ours, nullptr);
  }
  ~InterruptWatch() {
    const std::lock_guard lock(mutex_);
    if (--n_alive_ > 0) return;
    if (has_handler_) ::sigaction(SIGINT, &g_previous, nullptr);
    scope_.reset();
  }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

 private:
  static inline std::mutex mutex_{};
  static inline int n_alive_ = 0;
  static inline bool has_handler_ = false;
  static inline std::optional<base::InterruptionScope> scope_{};
};

}  // namespace

const std::atomic<int>& stop_flag() { return g_stop; }

void run_without_gil(const std::function<void()>& work) {
  bool is_interrupted = false;
  {
    const nb::gil_scoped_release released;
    const InterruptWatch watch;
    try {
      work();
    } catch (const base::Interrupted&) {
      is_interrupted = true;
    }
  }
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
  if (!is_interrupted) return;
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw nb::python_error();
}

}  // namespace ebm::python
