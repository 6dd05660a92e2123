#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/interruption.h"
#include "data/load_dataset.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"

namespace ebm::python {
namespace {

/// The values as the networks take them: grey levels v as v/127.5 − 1.
std::vector<float> floats_of(data::Dataset& dataset) {
  if (!dataset.is_bytes()) return std::move(std::get<std::vector<float>>(dataset.values));
  const auto& levels = std::get<std::vector<std::uint8_t>>(dataset.values);
  std::vector<float> values(levels.size());
  std::ranges::transform(levels, values.begin(), [](std::uint8_t level) {
    return static_cast<float>(level) / 127.5f - 1.0f;
  });
  return values;
}

nb::dict load_data(const std::string& spec, const nb::object& warn) {
  data::Dataset dataset = compute(
      [&] { return data::load_dataset(spec, [](double) { base::throw_if_interrupted(); }); });
  for (const std::string& line : dataset.warnings) warn(line);
  nb::dict out;
  const data::ItemShape& shape = dataset.shape;
  if (dataset.is_image) {
    out["x"] = to_numpy(floats_of(dataset), {dataset.n, shape.channels, shape.height, shape.width});
  } else {
    out["x"] = to_numpy(floats_of(dataset), {dataset.n, shape.size()});
  }
  if (dataset.labels.empty()) {
    out["labels"] = nb::none();
  } else {
    out["labels"] = to_numpy(std::move(dataset.labels), {dataset.n});
  }
  out["class_names"] = dataset.class_names;
  out["name"] = dataset.name;
  return out;
}

}  // namespace

void bind_data(nb::module_& module) { module.def("load_data", load_data); }

}  // namespace ebm::python
