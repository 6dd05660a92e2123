#pragma once

#include <atomic>
#include <chrono>

namespace ebm::base {

/// Thrown by throw_if_interrupted(). Not an exception of the standard library, so that nobody takes
/// it for a failure.
struct Interrupted {};

/// While it lives, long computations of this process end early, on all of its threads, once a flag
/// is set or a point in time has passed: they call throw_if_interrupted() every few milliseconds.
/// One at a time, which outlives the computations; one inside another of the same flag changes
/// nothing, and its point in time does not count.
class InterruptionScope {
 public:
  using Clock = std::chrono::steady_clock;

  /// @param stop  set to another number than 0 to interrupt; outlives the object
  /// @throws Error(kInternal) if there is one of another flag
  explicit InterruptionScope(const std::atomic<int>& stop,
                             Clock::time_point deadline = Clock::time_point::max());
  ~InterruptionScope();
  InterruptionScope(const InterruptionScope&) = delete;
  InterruptionScope& operator=(const InterruptionScope&) = delete;

  bool is_interrupted() const {
    return stop_ != 0 || (deadline_ != Clock::time_point::max() && Clock::now() >= deadline_);
  }

 private:
  const std::atomic<int>& stop_;
  Clock::time_point deadline_;
  bool is_inside_ = false;  // another of the same flag
};

/// While one lives, nothing is interrupted, as what is being computed has to be completed.
class InterruptionPause {
 public:
  InterruptionPause();
  ~InterruptionPause();
  InterruptionPause(const InterruptionPause&) = delete;
  InterruptionPause& operator=(const InterruptionPause&) = delete;
};

inline std::atomic<const InterruptionScope*> g_interruption_scope{nullptr};
inline std::atomic<int> g_interruption_pauses{0};

/// @throws Interrupted if there is an InterruptionScope whose flag is set or whose time has passed,
///         and no InterruptionPause.
inline void throw_if_interrupted() {
  const InterruptionScope* scope = g_interruption_scope.load(std::memory_order_acquire);
  if (scope != nullptr && g_interruption_pauses == 0 && scope->is_interrupted()) {
    throw Interrupted{};
  }
}

}  // namespace ebm::base
