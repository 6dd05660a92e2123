#include "nets/architecture/films.h"

#include <cstddef>
#include <utility>
#include <variant>

#include "nets/architecture/layer_tree.h"

namespace ebm::nets {
namespace {

bool has_weight(const Layer& layer) {
  return std::holds_alternative<Conv2d>(layer.op) ||
         std::holds_alternative<ConvTranspose2d>(layer.op) ||
         std::holds_alternative<Linear>(layer.op);
}

template <class Kind>
bool is_at(const std::vector<Layer>& layers, std::ptrdiff_t i) {
  return i < std::ssize(layers) &&
         std::holds_alternative<Kind>(layers[static_cast<std::size_t>(i)].op);
}

/// A film after every layer with a weight and every group norm, which would take it away again if
/// it came between them; except for the layer `last`, whose output is the energy. Those that have
/// one already keep it. @return how many layers have a film then
int add_films_but_behind(std::vector<Layer>& layers, std::ptrdiff_t last) {
  int n = 0;
  std::vector<Layer> result;
  for (std::ptrdiff_t i = 0; i < std::ssize(layers); ++i) {
    Layer& layer = layers[static_cast<std::size_t>(i)];
    for (const auto& [name, inside] : children(layer)) n += add_films_but_behind(inside, -1);
    const bool has_film = i != last && !is_at<GroupNorm>(layers, i + 1) &&
                          (has_weight(layer) || is_at<GroupNorm>(layers, i));
    result.push_back(std::move(layer));
    if (!has_film) continue;
    ++n;
    if (!is_at<Film>(layers, i + 1)) result.emplace_back(Film{});
  }
  layers = std::move(result);
  return n;
}

/// The layer whose output is the energy, if it is one that a film would follow; else −1.
std::ptrdiff_t last_with_weight(const std::vector<Layer>& layers) {
  for (std::ptrdiff_t i = std::ssize(layers) - 1; i >= 0; --i) {
    const Layer& layer = layers[static_cast<std::size_t>(i)];
    if (has_weight(layer)) return i;
    const bool is_output = !children(layer).empty() ||
                           std::holds_alternative<Projection>(layer.op) ||
                           std::holds_alternative<InputEnergy>(layer.op);
    if (is_output) return -1;
  }
  return -1;
}

}  // namespace

int add_films(std::vector<Layer>& layers) {
  return add_films_but_behind(layers, last_with_weight(layers));
}

}  // namespace ebm::nets
