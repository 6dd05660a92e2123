#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/names/choice.h"
#include "models/open_model.h"
#include "nets/architecture/architecture.h"
#include "nets/architecture/precision.h"
#include "nets/architecture/presets.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/import_weights.h"
#include "nets/files/read_layer_weights.h"
#include "nets/gradients/mixed_gradient.h"
#include "nets/gradients/weight_gradient.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"

namespace ebm::python {
namespace {

constexpr const char* kOrigin = "state_dict";

using StateDict = std::map<std::string, Array>;

/// A network with its weights, which stay as they are.
class Compiled {
 public:
  explicit Compiled(std::shared_ptr<const nets::CompiledNet> net) : net_(std::move(net)) {}

  /// ∂/∂W Σ_b c_b·E(x_b), in the order of the layers.
  nb::list weight_gradient(const Array& rows, const Array& coefficients, int n_threads) const {
    const float* c = coefficients.data();
    const auto found = compute([&] {
      return nets::weight_gradient(
          *net_, rows_of(rows), [c](std::int64_t row, float) { return c[row]; }, n_threads);
    });
    return arrays_of(found.gradient);
  }

  /// ∂/∂W Σ_b v_b·∇ₓE(x_b), in the order of the layers.
  nb::list mixed_gradient(const Array& rows, const Array& directions, int n_threads) const {
    const std::int64_t dim = net_->dim();
    const auto found = compute([&] {
      return nets::mixed_gradient(
          *net_, rows_of(rows),
          [&](std::int64_t row, std::span<const float>, std::span<float> direction) {
            std::copy_n(directions.data() + row * dim, dim, direction.begin());
          },
          n_threads);
    });
    return arrays_of(found.gradient);
  }

 private:
  static nets::Rows rows_of(const Array& rows) { return nets::Rows(values_of(rows)); }
  static nb::list arrays_of(const nets::LayerWeights& weights) {
    nb::list arrays;
    for (const std::vector<float>& each : weights) {
      arrays.append(to_numpy(each, {static_cast<std::int64_t>(each.size())}));
    }
    return arrays;
  }

  std::shared_ptr<const nets::CompiledNet> net_;
};

/// A network whose weights can be replaced.
class Network {
 public:
  Network(const std::string& text, std::array<std::int64_t, 3> input, const std::string& precision)
      : architecture_(nets::architecture_from_toml(text, "network",
                                                   nets::Shape{input[0], input[1], input[2]})) {
    model_.shape = {input[0], input[1], input[2]};
    model_.is_image = input[1] > 1 || input[2] > 1;
    model_.precision = base::value_of<nets::Precision>("precision", nets::kPrecisions, precision);
    model_.classes = architecture_.classes;
    model_.noise_level = architecture_.noise_level;
  }

  /// Takes weights by their names. Energies that were taken before, and may be in use, keep theirs.
  void update(const StateDict& state) {
    nets::SafetensorsFile file;
    for (const auto& [name, array] : state) {
      std::vector<std::int64_t> shape;
      for (std::size_t i = 0; i < array.ndim(); ++i) {
        shape.push_back(static_cast<std::int64_t>(array.shape(i)));
      }
      file.tensors[name] = nets::TensorData::from_floats(std::move(shape), values_of(array));
    }
    const nets::ImportedWeights imported = nets::import_weights(architecture_, file, {}, kOrigin);
    take(nets::read_layer_weights(imported.architecture, imported.weights, kOrigin));
  }
  /// The same of weights in the order of the layers.
  void update_in_order(const std::vector<Array>& arrays) {
    nets::LayerWeights weights;
    for (const Array& array : arrays) {
      const auto values = values_of(array);
      weights.emplace_back(values.begin(), values.end());
    }
    take(weights);
  }

  const models::EnergyModel& model() const { return model_; }
  Compiled compiled() const { return Compiled(net_); }
  std::string text() const { return nets::architecture_to_toml(architecture_); }

 private:
  void take(const nets::LayerWeights& weights) {
    net_ = net_ ? std::make_shared<nets::CompiledNet>(net_->shared_plan(), weights)
                : std::make_shared<nets::CompiledNet>(architecture_, weights, *model_.precision);
    model_.energy = net_;
  }

  nets::Architecture architecture_;
  std::shared_ptr<nets::CompiledNet> net_;
  models::EnergyModel model_;
};

std::string preset_text(const std::string& name, std::array<std::int64_t, 3> input) {
  return nets::architecture_to_toml(nets::preset(name, {input[0], input[1], input[2]}));
}

/// The names of the tensors of a network, with their shapes.
std::map<std::string, std::vector<std::int64_t>> tensors_of(const std::string& text,
                                                            std::array<std::int64_t, 3> input) {
  std::map<std::string, std::vector<std::int64_t>> tensors;
  const nets::Architecture net =
      nets::architecture_from_toml(text, "network", nets::Shape{input[0], input[1], input[2]});
  for (const nets::Parameter& each : nets::parameters(net)) tensors[each.name] = each.shape;
  return tensors;
}

}  // namespace

void bind_networks(nb::module_& module) {
  nb::class_<Compiled>(module, "CompiledNet")
      .def("weight_gradient", &Compiled::weight_gradient)
      .def("mixed_gradient", &Compiled::mixed_gradient);
  nb::class_<Network>(module, "Network")
      .def(nb::init<const std::string&, std::array<std::int64_t, 3>, const std::string&>())
      .def("update", &Network::update)
      .def("update_in_order", &Network::update_in_order)
      .def("compiled", &Network::compiled)
      .def("model", &Network::model)
      .def_prop_ro("text", &Network::text);
  module.def("preset_text", preset_text);
  module.def("preset_names", nets::preset_names);
  module.def("tensors_of", tensors_of);
}

}  // namespace ebm::python
