#include "nets/architecture/smoothness.h"

#include <variant>
#include <vector>

#include "base/error.h"
#include "nets/architecture/layer_tree.h"

namespace ebm::nets {
namespace {

bool has_kink(const Activation& activation, Smoothness needed) {
  switch (activation.kind) {
    case ActivationKind::kRelu:
    case ActivationKind::kLeakyRelu:
      return true;
    case ActivationKind::kElu:
      return needed == Smoothness::kSecond || activation.parameter != 1.0;
    case ActivationKind::kSilu:
    case ActivationKind::kSoftplus:
    case ActivationKind::kTanh:
    case ActivationKind::kScale:
      return false;
  }
  throw Error(ErrorCode::kInternal, "an activation is missing from has_kink()");
}

std::string first_kink(const std::vector<Layer>& layers, const std::string& prefix,
                       Smoothness needed) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string path = layer_path(prefix, i, layers[i]);
    if (const auto* activation = std::get_if<Activation>(&layers[i].op)) {
      if (has_kink(*activation, needed)) return path;
    }
    for (const auto& [name, inside] : children(layers[i])) {
      std::string found = first_kink(inside, path + "." + name + ".", needed);
      if (!found.empty()) return found;
    }
  }
  return "";
}

}  // namespace

std::string first_kink(const Architecture& net, Smoothness needed) {
  return first_kink(net.layers, "layer ", needed);
}

void require_smooth(const Architecture& net, const std::string& what, Smoothness needed) {
  const std::string kink = first_kink(net, needed);
  if (kink.empty()) return;
  if (first_kink(net).empty()) {
    throw Error(ErrorCode::kUsage,
                what + ": needs a network whose second derivatives do not jump, as it fits them; " +
                    kink + " has such a jump; use silu, softplus or tanh");
  }
  throw Error(ErrorCode::kUsage,
              what + ": needs a network without kinks, as it fits gradients of the energy; " +
                  kink +
                  " has one; use silu, softplus, tanh or elu of alpha 1 (presets uva, uva-wide, "
                  "mlp-silu)");
}

}  // namespace ebm::nets
