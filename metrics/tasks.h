#pragma once

#include <cstdint>
#include <exception>

namespace ebm::metrics {

/// Runs task(0), ..., task(n_tasks − 1), side by side on n_threads, in no order. A task writes to
/// places of its own and does not know which thread it is on, so that results do not hang on
/// n_threads. The exception of the lowest failed task is thrown again when all are done.
template <class Task>
void run_tasks(std::int64_t n_tasks, int n_threads, const Task& task) {
  std::exception_ptr failure;
  std::int64_t failed = n_tasks;
#pragma omp parallel for num_threads(n_threads) schedule(dynamic, 1)
  for (std::int64_t i = 0; i < n_tasks; ++i) {
    // Exceptions cannot leave a parallel region.
    try {
      task(i);
    } catch (...) {
#pragma omp critical(ebm_metrics_tasks)
      if (i < failed) {
        failed = i;
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ebm::metrics
