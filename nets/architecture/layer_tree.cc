#include "nets/architecture/layer_tree.h"

#include <algorithm>
#include <variant>

namespace ebm::nets {
namespace {

template <class List, class AnyLayer>
std::vector<ChildLayers<List>> children_of(AnyLayer& layer) {
  if (auto* residual = std::get_if<Residual>(&layer.op)) {
    return {{"body", residual->body}, {"shortcut", residual->shortcut}};
  }
  if (auto* concat = std::get_if<Concat>(&layer.op)) return {{"body", concat->body}};
  return {};
}

}  // namespace

std::vector<ChildLayers<const std::vector<Layer>>> children(const Layer& layer) {
  return children_of<const std::vector<Layer>>(layer);
}

std::vector<ChildLayers<std::vector<Layer>>> children(Layer& layer) {
  return children_of<std::vector<Layer>>(layer);
}

bool any_layer(const std::vector<Layer>& layers, const std::function<bool(const Layer&)>& is) {
  return std::ranges::any_of(layers, [&](const Layer& layer) {
    return is(layer) || std::ranges::any_of(children(layer), [&](const auto& child) {
             return any_layer(child.layers, is);
           });
  });
}

}  // namespace ebm::nets
