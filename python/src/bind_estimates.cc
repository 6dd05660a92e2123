#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/interruption.h"
#include "data/dataset.h"
#include "data/load_dataset.h"
#include "evaluation/report/evaluation_json.h"
#include "evaluation/report/mode_search_report.h"
#include "evaluation/restoration/observations.h"
#include "evaluation/runs/evaluation_of_model.h"
#include "evaluation/runs/log_z_of_model.h"
#include "evaluation/runs/modes_of_model.h"
#include "evaluation/runs/restoration_of_model.h"
#include "evaluation/walk_warnings.h"
#include "models/condition.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"
#include "python/src/keywords.h"

namespace ebm::python {
namespace {

using models::EnergyModel;

std::vector<float> copied(const Array& array) {
  const auto values = values_of(array);
  return {values.begin(), values.end()};
}

void look_for_interrupt(double /*fraction*/) { base::throw_if_interrupted(); }

/// @param reverse   [n, dim], or nothing
/// @param given     names of keywords that the caller gave
/// @return          log_z_report_json()
std::string log_z(const EnergyModel& energy, const std::optional<Array>& reverse,
                  const nb::dict& values, const std::vector<std::string>& given) {
  const Keywords keywords{values};
  const nb::object on_progress = values["on_progress"];
  const nb::object on_warning = values["on_warning"];
  evaluation::LogZRequest request{.n = keywords.get<std::int64_t>("n"),
                                  .temperatures = keywords.get<std::int64_t>("temperatures"),
                                  .path = keywords.get<std::string>("path"),
                                  .schedule = keywords.get<std::string>("schedule"),
                                  .steps = keywords.get<std::int64_t>("steps"),
                                  .sampler = keywords.get<std::string>("sampler"),
                                  .leapfrog = keywords.find<std::int64_t>("leapfrog"),
                                  .base = keywords.get<std::string>("base"),
                                  .base_sd = keywords.find<double>("base_sd"),
                                  .box = keywords.get<std::vector<double>>("box"),
                                  .temperature = keywords.get<double>("temperature"),
                                  .seed = keywords.get<std::int64_t>("seed"),
                                  .n_threads = keywords.get<int>("threads"),
                                  .coarse = {.warn = warn_by(on_warning)},
                                  .on_progress = progress_by(on_progress)};
  request.is_given = [&](const std::string& option) {
    return std::ranges::find(given, option) != given.end();
  };
  if (reverse) {
    request.reverse_rows = [&](const std::optional<samplers::Box>&) { return copied(*reverse); };
  }
  const evaluation::LogZReport report = compute([&] {
    EnergyModel model = models::bind_condition(energy, {});
    return evaluation::log_z_of_model(model, request);
  });
  for (const std::string& line : report.estimates.warnings()) on_warning(line);
  return evaluation::log_z_report_json(report).dump();
}

evaluation::ModesRequest modes_request(const std::optional<Array>& starts, const Keywords& keywords,
                                       const nb::dict& settings) {
  evaluation::ModesRequest request{.search = {.n = keywords.get<std::int64_t>("n"),
                                              .frames = keywords.get<std::int64_t>("frames"),
                                              .lag = keywords.get<std::int64_t>("lag"),
                                              .burn_in = keywords.get<std::int64_t>("burn_in"),
                                              .adapt = keywords.get<bool>("adapt")},
                                   .states = keywords.get<std::string>("states"),
                                   .descent_step_size = keywords.find<double>("descent_step_size"),
                                   .sampler = overrides_of(settings),
                                   .init = keywords.get<std::string>("init"),
                                   .data = keywords.get<std::string>("data"),
                                   .given = {},
                                   .seed = keywords.get<std::int64_t>("seed"),
                                   .n_threads = keywords.get<int>("threads"),
                                   .on_read = look_for_interrupt};
  const auto take = [&](const char* name, auto& place) {
    using Place = std::remove_reference_t<decltype(place)>;
    if (keywords.has(name)) place = keywords.get<Place>(name);
  };
  take("descent_steps", request.map.descent_steps);
  take("merge_distance", request.map.merge_distance);
  take("k", request.map.k);
  take("restarts", request.map.restarts);
  take("paths", request.map.max_paths);
  take("band_images", request.map.band_images);
  take("band_steps", request.map.band_steps);
  if (starts) request.given = evaluation::LabelledStarts{.rows = copied(*starts)};
  return request;
}

/// @param starts  [n, dim], or nothing where the keyword `init` says where chains start
/// @return        mode_search_json(), and the exemplars [modes, dim]
nb::tuple modes(const EnergyModel& energy, const std::optional<Array>& starts,
                const nb::dict& values, const nb::dict& settings) {
  const nb::object on_progress = values["on_progress"];
  const nb::object on_warning = values["on_warning"];
  evaluation::ModesRequest request = modes_request(starts, Keywords{values}, settings);
  request.coarse.warn = request.on_warning = warn_by(on_warning);
  request.search.on_progress = progress_by(on_progress);
  EnergyModel model = models::bind_condition(energy, {});
  const evaluation::FoundModes found =
      compute([&] { return evaluation::modes_of_model(model, request); });
  for (const auto& line : evaluation::warnings_after(found.search.walk, found.settings)) {
    on_warning(line);
  }
  std::vector<float> exemplars;
  for (const landscape::Mode& mode : found.search.map.modes) {
    exemplars.insert(exemplars.end(), mode.exemplar.begin(), mode.exemplar.end());
  }
  const auto n = static_cast<std::int64_t>(found.search.map.modes.size());
  const std::string document = evaluation::mode_search_json({model, request.search, found.settings,
                                                             found.states, found.search})
                                   .dump();
  return nb::make_tuple(document, to_numpy(std::move(exemplars), {n, model.energy->dim()}));
}

data::Dataset dataset_of(const Array& images, const std::string& name) {
  data::Dataset dataset;
  dataset.name = name;
  dataset.n = static_cast<std::int64_t>(images.shape(0));
  dataset.shape = {static_cast<std::int64_t>(images.shape(1)),
                   static_cast<std::int64_t>(images.shape(2)),
                   static_cast<std::int64_t>(images.shape(3))};
  dataset.values = copied(images);
  return dataset;
}

/// @param energy   with a name, or
/// @param samples  images [n, channels, height, width]
/// @return         eval_json()
std::string evaluate(const EnergyModel* energy, const std::optional<Array>& samples,
                     const std::string& name, const nb::dict& values) {
  const Keywords keywords{values};
  const nb::object on_progress = values["on_progress"];
  const nb::object on_warning = values["on_warning"];
  const evaluation::EvaluationRequest request{
      .data = keywords.get<std::string>("data"),
      .features = keywords.get<std::string>("features"),
      .ood = keywords.get<std::vector<std::string>>("ood"),
      .n = keywords.find<std::int64_t>("n"),
      .steps = keywords.find<std::int64_t>("steps"),
      .long_run = keywords.find<std::int64_t>("long_run"),
      .temperatures = keywords.find<std::int64_t>("temperatures"),
      .takes_long_fd = keywords.get<bool>("long"),
      .densities = keywords.get<std::int64_t>("densities"),
      .seed = keywords.get<std::int64_t>("seed"),
      .n_threads = keywords.get<int>("threads"),
      .share = keywords.get<std::string>("share"),
      .on_read = look_for_interrupt,
      .on_progress = progress_by(on_progress),
      .on_warning = warn_by(on_warning)};
  const evaluation::EvalReport report = compute([&] {
    if (samples) {
      return evaluation::evaluation_of_samples(dataset_of(*samples, name), name, request);
    }
    return evaluation::evaluation_of_model(models::bind_condition(*energy, {}), name, request);
  });
  for (const std::string& line : report.evaluation.warnings) on_warning(line);
  return evaluation::eval_json(report).dump();
}

/// @param y  observations, one an image
nb::dict restore(const EnergyModel& energy, const Array& y, const std::string& name,
                 const nb::dict& values, const nb::dict& settings) {
  const Keywords keywords{values};
  const nb::object on_progress = values["on_progress"];
  const nb::object on_warning = values["on_warning"];
  const auto data = keywords.get<std::string>("data");
  EnergyModel model = models::bind_condition(energy, {});
  evaluation::RestorationRequest request{.operator_text = keywords.get<std::string>("operator"),
                                         .noise_sd = keywords.get<double>("noise_sd"),
                                         .strength = keywords.get<double>("strength"),
                                         .n = keywords.get<std::int64_t>("n"),
                                         .steps = keywords.find<std::int64_t>("steps"),
                                         .burn_in = keywords.get<std::int64_t>("burn_in"),
                                         .adapt = keywords.get<bool>("adapt"),
                                         .init = keywords.get<std::string>("init"),
                                         .sampler = overrides_of(settings),
                                         .seed = keywords.get<std::int64_t>("seed"),
                                         .n_threads = keywords.get<int>("threads"),
                                         .coarse = {.warn = warn_by(on_warning)},
                                         .on_progress = progress_by(on_progress),
                                         .on_warning = warn_by(on_warning),
                                         .read_observations = {},
                                         .read_training_images = {}};
  request.read_observations = [&](const evaluation::ObservationOperator& observed) {
    const auto n = static_cast<std::int64_t>(y.shape(0));
    return evaluation::observations_of(observed, copied(y), n, "y");
  };
  request.read_training_images = [&] {
    return data::load_dataset(evaluation::data_of(model.data, name, data), look_for_interrupt);
  };
  evaluation::RestoredImages found =
      compute([&] { return evaluation::restoration_of_model(model, name, request); });
  const std::int64_t n_images = found.restored.n_images, dim = model.shape.size();
  nb::dict out;
  out["samples"] = to_numpy(std::move(found.restored.samples), {n_images, found.restored.n, dim});
  out["mean"] = to_numpy(std::move(found.restored.mean), {n_images, dim});
  out["spread"] = to_numpy(std::move(found.restored.spread), {n_images, dim});
  out["denoised"] = nb::none();
  if (!found.restored.denoised.empty()) {
    out["denoised"] = to_numpy(std::move(found.restored.denoised), {n_images, dim});
  }
  return out;
}

}  // namespace

void bind_estimates(nb::module_& module) {
  module.def("log_z", log_z, nb::arg("energy"), nb::arg("reverse").none(), nb::arg("keywords"),
             nb::arg("given"));
  module.def("modes", modes);
  module.def("restore", restore);
  module.def("evaluate", evaluate, nb::arg("energy").none(), nb::arg("samples").none(),
             nb::arg("name"), nb::arg("keywords"));
}

}  // namespace ebm::python
