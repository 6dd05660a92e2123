#pragma once

#include <atomic>

namespace ebm::base {

// The stop signals are SIGINT, SIGTERM, SIGHUP (unless ignored, as by nohup), SIGUSR2, SIGXCPU and
// SIGALRM.
//
// The first function below that is called starts a thread that takes them and SIGUSR1, and blocks
// them in the calling thread and in all that it starts later: call it before others start.
// For a handler must not run where a network is evaluated. The machine code that oneDNN makes for
// products of float matrices (jit_avx512_common_gemm_f32, jit_avx_gemm_f32; mended in oneDNN
// 3.11.2) keeps a pointer into the heap in the register of the stack, and the frame of a signal
// that comes meanwhile is written over what lies there. A program that uses these networks beside
// handlers of its own has to keep their signals from its computing threads too.

/// From now on a stop signal ends the program at once with exit_code_of_signal(), after removing
/// the files that are being written (base/partial_files.h) and one line on standard error. SIGUSR1
/// is noted for take_save_request().
void end_at_stop_signals();

/// From now on the first stop signal stores its number in the returned variable, which is 0 before,
/// so that the program can end by itself. Half a second later, or at a SIGINT that follows, it
/// ends as end_at_stop_signals() says. SIGPIPE is ignored.
const std::atomic<int>& catch_stop_signals();

/// The same for programs that save first, however long that takes: only a SIGINT that follows a
/// stop signal ends them.
const std::atomic<int>& catch_stop_signals_to_save();

/// Before exec(), whose program begins with what the calling thread blocks.
void let_signals_through();

/// Whether SIGUSR1, which asks for saving without an end, has come since the last call.
bool take_save_request();

/// Thrown where a computation that cannot return early is stopped by a signal.
struct Stopped {
  int signal;
};
/// @throws Stopped if `stop`, of catch_stop_signals(), holds a signal.
void throw_if_stopped(const std::atomic<int>& stop);

/// The exit code that shells expect of a program ended by a signal: 128 + its number.
int exit_code_of_signal(int signal);

}  // namespace ebm::base
