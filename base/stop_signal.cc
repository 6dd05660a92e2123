#include "base/stop_signal.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/partial_files.h"

namespace ebm::base {
namespace {

enum class Answer { kEndAtOnce, kEndSoon, kSaveFirst };

/// Within half a second, with the time that a busy machine takes to end a process.
constexpr suseconds_t kEndAfterMicroseconds = 400'000;
constexpr int kStopSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGXCPU};
/// For a handler and what a library keeps for each thread.
constexpr std::size_t kStackBytes = std::size_t{1} << 20;

std::atomic<Answer> g_answer{Answer::kEndAtOnce};
std::atomic<int> g_signal{0};
std::atomic<bool> g_save_requested{false};
std::atomic<bool> g_on_terminal{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<Answer>::is_always_lock_free &&
                  std::atomic<bool>::is_always_lock_free,
              "set in a signal handler");

// What follows runs in signal handlers: it may call what POSIX lists as safe there.

void write_text(const char* text) { (void)!::write(STDERR_FILENO, text, std::strlen(text)); }

/// A progress bar may stand on the line.
void start_line() {
  if (g_on_terminal) write_text("\n");
}

[[noreturn]] void end_now(int signal) {
  const char number[] = {static_cast<char>('0' + signal / 10), static_cast<char>('0' + signal % 10),
                         '\0'};
  start_line();
  write_text("ebm: stopped by signal ");
  write_text(signal < 10 ? number + 1 : number);
  write_text(g_answer == Answer::kSaveFirst ? "; not saved\n" : "; nothing was written\n");
  // Last, as other threads go on meanwhile.
  unlink_partial_files();
  ::_exit(exit_code_of_signal(signal));
}

extern "C" void answer_signal(int signal) {
  const int error = errno;
  const Answer answer = g_answer;
  int none = 0;
  const bool is_first = g_signal.compare_exchange_strong(none, signal);
  // Batch systems and closing terminals send several signals; an impatient person sends SIGINT.
  if (answer == Answer::kEndAtOnce || (!is_first && signal == SIGINT)) end_now(signal);
  if (is_first && answer == Answer::kEndSoon) {
    const itimerval after{{0, 0}, {0, kEndAfterMicroseconds}};
    ::setitimer(ITIMER_REAL, &after, nullptr);
  } else if (is_first && signal == SIGINT) {
    start_line();
    write_text("ebm: stopping; Ctrl-C again ends at once, without saving\n");
  }
  errno = error;
}

/// Of the timer, which ends what did not end by itself, or of somebody else (`timeout -s ALRM`).
extern "C" void answer_alarm(int signal) {
  const int first = g_signal;
  if (first != 0 && g_answer == Answer::kEndSoon) end_now(first);
  answer_signal(signal);
}

extern "C" void request_save(int) { g_save_requested = true; }

/// `how` of pthread_sigmask(), for all signals that have a handler here.
void set_mask(int how) {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : kStopSignals) ::sigaddset(&signals, signal);
  ::sigaddset(&signals, SIGUSR1);
  ::sigaddset(&signals, SIGALRM);
  ::pthread_sigmask(how, &signals, nullptr);
}

extern "C" void* wait_for_signals(void*) {
  set_mask(SIG_UNBLOCK);
  for (;;) ::pause();
}

/// Blocks the signals in the calling thread, and so in those that it will start, and starts the one
/// that takes them.
void take_signals_in_own_thread() {
  // Of the process that has the thread: one that is forked off has not.
  static std::atomic<pid_t> owner{0};
  set_mask(SIG_BLOCK);
  if (owner.exchange(::getpid()) == ::getpid()) return;
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread;
  const int reason = ::pthread_create(&thread, &attributes, wait_for_signals, nullptr);
  ::pthread_attr_destroy(&attributes);
  if (reason == 0) return;
  owner = 0;
  set_mask(SIG_UNBLOCK);
  throw Error(ErrorCode::kInternal,
              std::string("cannot start the thread that takes signals: ") + std::strerror(reason));
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction now = {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

const std::atomic<int>& answer_stop_signals(Answer answer) {
  g_on_terminal = ::isatty(STDERR_FILENO) == 1;
  g_answer = answer;
  take_signals_in_own_thread();
  for (const int signal : kStopSignals) {
    if (signal != SIGHUP || !is_ignored(signal)) handle(signal, answer_signal);
  }
  handle(SIGALRM, answer_alarm);
  return g_signal;
}

}  // namespace

void end_at_stop_signals() {
  handle(SIGUSR1, request_save);
  answer_stop_signals(Answer::kEndAtOnce);
}

const std::atomic<int>& catch_stop_signals() {
  handle(SIGUSR1, request_save);  // which else would end the program
  // A reader that closes its end of a pipe must not cost hours of work.
  handle(SIGPIPE, SIG_IGN);
  return answer_stop_signals(Answer::kEndSoon);
}

const std::atomic<int>& catch_stop_signals_to_save() {
  catch_stop_signals();
  return answer_stop_signals(Answer::kSaveFirst);
}

void let_signals_through() { set_mask(SIG_UNBLOCK); }

bool take_save_request() { return g_save_requested.exchange(false); }

void throw_if_stopped(const std::atomic<int>& stop) {
  if (const int signal = stop; signal != 0) throw Stopped{signal};
}

int exit_code_of_signal(int signal) { return 128 + signal; }

}  // namespace ebm::base
