#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <optional>
#include <string>

#include "evaluation/precise_energies.h"
#include "evaluation/progress.h"
#include "evaluation/sampling/sampler_overrides.h"

namespace ebm::python {

namespace nb = nanobind;

/// What a call is asked to do: keywords of a function of Python, all of them given or None.
struct Keywords {
  const nb::dict& values;

  template <class T>
  T get(const char* name) const {
    return nb::cast<T>(values[name]);
  }
  bool has(const char* name) const { return !nb::object(values[name]).is_none(); }
  template <class T>
  std::optional<T> find(const char* name) const {
    if (!has(name)) return std::nullopt;
    return get<T>(name);
  }
};

/// The settings that are given, by the names of the command line's options with underscores.
/// @throws Error(kUsage) for another name
evaluation::SamplerOverrides overrides_of(const nb::dict& settings);

/// A function of Python that takes a line of warning, as one that is called without the GIL.
std::function<void(const std::string&)> warn_by(const nb::object& on_warning);

/// The same of on_progress(phase, fraction, chain_steps_per_s), or None; it looks for Ctrl-C.
evaluation::OnProgress progress_by(const nb::object& on_progress);

}  // namespace ebm::python
