#include "nets/architecture/weighted_layers.h"

#include <string>
#include <variant>

#include "nets/architecture/layer_tree.h"

namespace ebm::nets {
namespace {

void collect(const std::vector<Layer>& layers, Shape shape, std::vector<WeightedLayer>& found) {
  for (const Layer& layer : layers) {
    if (std::holds_alternative<Conv2d>(layer.op) ||
        std::holds_alternative<ConvTranspose2d>(layer.op) ||
        std::holds_alternative<Linear>(layer.op)) {
      found.push_back({layer, shape});
    }
    for (const auto& [name, inside] : children(layer)) collect(inside, shape, found);
    shape = output_shape(layer, shape, type_name(layer));
  }
}

}  // namespace

std::vector<WeightedLayer> weighted_layers(const Architecture& architecture) {
  infer_shapes(architecture);
  std::vector<WeightedLayer> found;
  collect(architecture.layers, architecture.input, found);
  return found;
}

}  // namespace ebm::nets
