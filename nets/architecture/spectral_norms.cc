#include "nets/architecture/spectral_norms.h"

#include <string>
#include <variant>

#include "base/error.h"
#include "nets/architecture/layer_tree.h"

namespace ebm::nets {
namespace {

void add_norms(std::vector<Layer>& layers, const std::string& prefix) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    Layer& layer = layers[i];
    const auto add_norm = [&](auto* weighted) {
      if (weighted == nullptr) return;
      if (weighted->weight_norm) {
        throw Error(ErrorCode::kUsage, layer_path(prefix, i, layer) +
                                           ": has a weight norm already, and takes no spectral "
                                           "norm beside it (spectral_norm = none leaves it out)");
      }
      weighted->spectral_norm = true;
    };
    add_norm(std::get_if<Conv2d>(&layer.op));
    add_norm(std::get_if<Linear>(&layer.op));
    const bool has_none = std::holds_alternative<ConvTranspose2d>(layer.op) ||
                          std::holds_alternative<Film>(layer.op) ||
                          std::holds_alternative<Projection>(layer.op) ||
                          std::holds_alternative<GroupNorm>(layer.op) ||
                          std::holds_alternative<ChannelScale>(layer.op) ||
                          std::holds_alternative<Attention>(layer.op);
    if (has_none) {
      throw Error(ErrorCode::kUsage, layer_path(prefix, i, layer) +
                                         ": has no spectral norm; a critic takes convolutions "
                                         "and linear layers");
    }
    for (const auto& [name, inside] : children(layer)) {
      add_norms(inside, layer_path(prefix, i, layer) + "." + name + ".");
    }
  }
}

}  // namespace

Architecture with_spectral_norms(Architecture architecture) {
  add_norms(architecture.layers, "layer ");
  return architecture;
}

}  // namespace ebm::nets
