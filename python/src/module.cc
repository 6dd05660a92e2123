// ebm._core: the library as ebm/*.py calls it. Users see those files.

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <cstdint>

#include "base/require.h"
#include "base/system/cpu_limit.h"
#include "python/src/bind.h"
#include "python/src/errors.h"
#include "samplers/simd/simd_target.h"

namespace {

/// The number of threads for a keyword whose 0 means one for each CPU that the process may use, as
/// that was at the first call: looking takes ten times as long as a small energy.
int resolve_threads(std::int64_t threads) {
  ebm::base::require_between("threads", static_cast<double>(threads), 0, 1024);
  static const int n_default = ebm::base::default_threads();
  return threads > 0 ? static_cast<int>(threads) : n_default;
}

}  // namespace

NB_MODULE(_core, module) {
  using namespace ebm::python;
  // A function behind from_callable() and the module that it is in hold each other to the end.
  nanobind::set_leak_warnings(false);
  bind_errors(module);
  bind_models(module);
  bind_networks(module);
  bind_callable(module);
  bind_sampling(module);
  bind_training(module);
  bind_estimates(module);
  bind_data(module);
  bind_diagnostics(module);
  bind_metrics(module);
  bind_replay(module);
  module.def("resolve_threads", resolve_threads);
  module.def("simd_target", ebm::samplers::simd_target);
  module.def("apply_simd_override", ebm::samplers::apply_simd_override);
  module.attr("__version__") = EBM_VERSION;
}
