#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace ebm::python {

namespace nb = nanobind;

/// Calls work() without the GIL, so that other threads of Python go on. Ctrl-C (SIGINT) ends it,
/// and every other such call of this process; the handler that Python has installed runs as well.
/// @throws KeyboardInterrupt, or what a signal handler of Python raised; what work() throws
void run_without_gil(const std::function<void()>& work);

/// What becomes nonzero when SIGINT comes in such a call: for work that ends in its own way.
const std::atomic<int>& stop_flag();

/// The same of work that returns something.
template <class Work>
auto compute(const Work& work) {
  std::optional<std::invoke_result_t<Work>> result;
  run_without_gil([&] { result.emplace(work()); });
  return std::move(*result);
}

}  // namespace ebm::python
