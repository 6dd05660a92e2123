#pragma once

#include <nanobind/nanobind.h>

namespace ebm::python {

namespace nb = nanobind;

/// Each adds a part of the library to the module ebm._core; ebm/*.py is what users see of it.
void bind_models(nb::module_& module);
void bind_networks(nb::module_& module);
void bind_callable(nb::module_& module);
void bind_sampling(nb::module_& module);
void bind_training(nb::module_& module);
void bind_estimates(nb::module_& module);
void bind_data(nb::module_& module);
void bind_diagnostics(nb::module_& module);
void bind_metrics(nb::module_& module);
void bind_replay(nb::module_& module);

}  // namespace ebm::python
