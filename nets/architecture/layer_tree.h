#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "nets/architecture/layer.h"

namespace ebm::nets {

/// A list of layers inside of a layer. @tparam List  std::vector<Layer>, const or not
template <class List>
struct ChildLayers {
  const char* name;  ///< of the child in files and in PyTorch: "body" or "shortcut"
  List& layers;
};

/// The lists inside of a layer, in the order of their parameters: body and shortcut of a residual
/// layer, the body of a concat; none of any other.
std::vector<ChildLayers<const std::vector<Layer>>> children(const Layer& layer);
std::vector<ChildLayers<std::vector<Layer>>> children(Layer& layer);

/// Whether `is` holds for a layer of the list, or for one inside of it at any depth.
bool any_layer(const std::vector<Layer>& layers, const std::function<bool(const Layer&)>& is);

/// Whether there is one of these kinds.
template <class... Kinds>
bool has_kind(const std::vector<Layer>& layers) {
  return any_layer(
      layers, [](const Layer& layer) { return (std::holds_alternative<Kinds>(layer.op) || ...); });
}

}  // namespace ebm::nets
