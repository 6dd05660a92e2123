#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/names/choice.h"
#include "models/condition.h"
#include "models/open_model.h"
#include "models/toys/toy_energy.h"
#include "nets/architecture/precision.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"
#include "samplers/parameters.h"
#include "samplers/run_chains.h"

namespace ebm::python {
namespace {

using models::EnergyModel;

std::optional<nets::Precision> precision_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  return base::value_of<nets::Precision>("precision", nets::kPrecisions, name);
}

EnergyModel load(const std::string& text, const std::string& precision,
                 const std::string& share_folder, const nb::object& warn) {
  return compute([&] {
    return models::open_model(text,
                              {.precision = precision_of(precision),
                               .warn =
                                   [&](const std::string& line) {
                                     const nb::gil_scoped_acquire held;
                                     warn(line);
                                   }},
                              share_folder);
  });
}

/// E and, if it is asked for, ∇ₓE of rows [n, dim], where chains have these contexts.
nb::object evaluate(const EnergyModel& model, const Array& rows, const Array& context,
                    int n_threads, bool has_gradient) {
  const samplers::Energy& energy = *model.energy;
  const std::int64_t dim = energy.dim();
  const auto n = static_cast<std::int64_t>(rows.size()) / dim;
  std::vector<float> energies(static_cast<std::size_t>(n));
  std::vector<float> slopes(has_gradient ? static_cast<std::size_t>(n * dim) : 0);
  if (n > 0) {
    run_without_gil([&] {
      samplers::ChainStore chains(n, dim, energy.context_dim());
      chains.load_rows(values_of(rows));
      if (energy.context_dim() > 0) chains.load_context(values_of(context));
      samplers::evaluate_chains(energy, chains, n_threads);
      chains.store_energy(energies);
      if (has_gradient) chains.store_energy_grad(slopes);
    });
  }
  nb::object first = to_numpy(std::move(energies), {n});
  if (!has_gradient) return first;
  return nb::make_tuple(first, to_numpy(std::move(slopes), {n, dim}));
}

/// The parameters of states [n, dim], [n, parameters], or None where they are the coordinates.
nb::object parameter_values(const EnergyModel& model, const Array& rows) {
  const samplers::Parameters parameters = models::parameters_of(model);
  if (!parameters.of_state) return nb::none();
  const std::int64_t dim = model.energy->dim();
  const auto n = static_cast<std::int64_t>(rows.size()) / dim;
  return to_numpy(parameters.of_states(values_of(rows), dim), {n, parameters.size()});
}

}  // namespace

void bind_models(nb::module_& module) {
  nb::class_<EnergyModel>(module, "Model")
      .def_prop_ro("dim", [](const EnergyModel& m) { return m.energy->dim(); })
      .def_prop_ro("context_dim", [](const EnergyModel& m) { return m.energy->context_dim(); })
      .def_prop_ro("shape",
                   [](const EnergyModel& m) {
                     return nb::make_tuple(m.shape.channels, m.shape.height, m.shape.width);
                   })
      .def_ro("is_image", &EnergyModel::is_image)
      .def_ro("n_steps", &EnergyModel::n_steps)
      .def_ro("data", &EnergyModel::data)
      .def_ro("origin", &EnergyModel::origin)
      .def_ro("classes", &EnergyModel::classes)
      .def_ro("class_names", &EnergyModel::class_names)
      .def_ro("noise_level", &EnergyModel::noise_level)
      .def_prop_ro("guidance",
                   [](const EnergyModel& model) -> std::optional<double> {
                     if (!model.guidance) return std::nullopt;
                     return model.guidance->weight;
                   })
      .def_prop_ro("log_z", [](const EnergyModel& m) { return m.energy->log_z(); })
      .def_prop_ro("precision",
                   [](const EnergyModel& m) -> std::optional<std::string> {
                     if (!m.precision) return std::nullopt;
                     return std::string(base::name_of<nets::Precision>(
                         "precision", nets::kPrecisions, *m.precision));
                   })
      .def("bound",
           [](const EnergyModel& m, const std::string& klass, std::optional<double> level) {
             return models::bind_condition(m, {.klass = klass, .level = level});
           })
      .def("context_of",
           [](const EnergyModel& m, const std::string& klass, std::optional<double> level) {
             return models::context_of(m, {.klass = klass, .level = level});
           })
      .def("parameter_names", [](const EnergyModel& m) { return models::parameters_of(m).names(); })
      .def("parameter_values", parameter_values)
      .def("evaluate", evaluate);
  module.def("load", load);
  module.def("toy_names", models::toy_energy_names);
}

}  // namespace ebm::python
