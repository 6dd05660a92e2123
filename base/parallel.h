#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

#include "base/interruption.h"
#include "base/require.h"

#ifndef _OPENMP
#error "base/parallel.h needs OpenMP: link OpenMP::OpenMP_CXX"
#endif

namespace ebm::base {

/// The exception of the lowest index among those that tasks threw. Safe to call from any thread.
class LowestFailure {
 public:
  /// Keeps the exception that is being handled, unless one of a lower index is there.
  void keep_current(std::int64_t index) {
    const std::lock_guard lock(mutex_);
    if (failure_ && index_ <= index) return;
    index_ = index;
    failure_ = std::current_exception();
  }
  void rethrow_if_any() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::int64_t index_ = 0;
  std::exception_ptr failure_;
};

/// Calls task(i, scratch) once for each i = 0, ..., n_tasks − 1, on min(n_threads, n_tasks)
/// threads; each free thread takes the next task. Which thread that is must not change what the
/// task computes. One thread works without a parallel region, so that a library below may have its
/// own.
/// @param make_scratch  () -> std::unique_ptr<Scratch>: made, used and destroyed by one thread,
///                      before its first task and after its last
/// @param order         order(k) is the task that is taken as the k-th: a permutation
/// @throws Error(kUsage) unless n_threads is positive; else what the lowest task that failed threw,
///         after all tasks have ended. A scratch that cannot be made fails the task that needs it.
///         Interrupted (base/interruption.h), before each task.
template <class MakeScratch, class Task, class Order = std::identity>
void parallel_for(std::int64_t n_tasks, int n_threads, const MakeScratch& make_scratch,
                  const Task& task, const Order& order = {}) {
  require_at_least("n_threads", n_threads, 1);
  LowestFailure failure;
  using Scratch = decltype(make_scratch());
  const auto run = [&](std::int64_t k, Scratch& scratch) {
    const std::int64_t i = order(k);
    // Exceptions cannot leave a parallel region.
    try {
      throw_if_interrupted();
      if (!scratch) scratch = make_scratch();
      task(i, *scratch);
    } catch (...) {
      failure.keep_current(i);
    }
  };
  // LibTorch changes OpenMP's number of threads, so that it has to be given here.
  const int n_workers = static_cast<int>(std::min<std::int64_t>(n_threads, n_tasks));
  if (n_workers == 1) {
    Scratch scratch{};
    for (std::int64_t k = 0; k < n_tasks; ++k) run(k, scratch);
  } else if (n_workers > 1) {
#pragma omp parallel num_threads(n_workers)
    {
      Scratch scratch{};
#pragma omp for schedule(dynamic, 1)
      for (std::int64_t k = 0; k < n_tasks; ++k) run(k, scratch);
    }
  }
  failure.rethrow_if_any();
}

/// The same for tasks without scratch: task(i).
template <class Task>
void parallel_for(std::int64_t n_tasks, int n_threads, const Task& task) {
  struct Nothing {};
  static constexpr Nothing kNothing{};
  parallel_for(
      n_tasks, n_threads, [] { return &kNothing; },
      [&](std::int64_t i, const Nothing&) { task(i); });
}

}  // namespace ebm::base
