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
    if (auto* conv = std::get_if<Conv2d>(&layer.op)) conv->spectral_norm = true;
    if (auto* linear = std::get_if<Linear>(&layer.op)) linear->spectral_norm = true;
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
