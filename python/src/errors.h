#pragma once

#include <nanobind/nanobind.h>

namespace ebm::python {

/// ebm::Error becomes an exception of ebm/errors.py, by its code.
void bind_errors(nanobind::module_& module);

}  // namespace ebm::python
