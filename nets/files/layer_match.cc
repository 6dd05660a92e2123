#include "nets/files/layer_match.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::nets {
namespace {

using Sizes = std::vector<std::int64_t>;

/// What films and projections hold in modules of their own, which are no layers.
constexpr std::array<std::string_view, 7> kConditionTensors = {
    "class_scale.weight", "class_shift.weight", "level.0.weight", "level.0.bias",
    "level.2.weight",     "level.2.bias",       "embed.weight"};

/// "3.level.0.bias" -> "level.0.bias"; nothing of other names
std::string_view condition_tensor_in(std::string_view name) {
  for (const std::string_view end : kConditionTensors) {
    const bool is_whole = name.size() == end.size();
    if (name.ends_with(end) && (is_whole || name[name.size() - end.size() - 1] == '.')) return end;
  }
  return {};
}

/// "0.parametrizations.weight.original" -> {"0", "parametrizations.weight.original"}
/// @param conditional  whether the network has films or projections: "0.level.2.bias" -> {"0",
///                     "level.2.bias"}
std::pair<std::string, std::string> split_name(const std::string& name, bool conditional) {
  if (const auto end = condition_tensor_in(name); conditional && !end.empty()) {
    const std::size_t layer = name.size() - end.size();
    return {name.substr(0, layer == 0 ? 0 : layer - 1), std::string(end)};
  }
  constexpr const char* kParametrized = "parametrizations.";
  const std::size_t found = name.find(kParametrized);
  const std::size_t dot = found == std::string::npos ? name.rfind('.') : found - 1;
  if (dot == std::string::npos || found == 0) return {"", name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

/// A name apart from its numbers, and these without leading zeros: those of "conv2" before those of
/// "conv10".
std::pair<std::string, std::vector<std::pair<std::size_t, std::string>>> numbers_in(
    const std::string& name) {
  std::string pattern;
  std::vector<std::pair<std::size_t, std::string>> numbers;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && std::isdigit(static_cast<unsigned char>(name[end])) != 0) ++end;
    if (end == i) {
      pattern += name[i++];
      continue;
    }
    std::string digits = name.substr(i, end - i);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    numbers.emplace_back(digits.size(), digits);
    pattern += '#';
    i = end;
  }
  return {pattern, numbers};
}

/// Orders layers that are alike by the numbers in their names. @return whether that is possible
bool order_by_numbers(std::vector<std::string>& layers) {
  const std::string pattern = numbers_in(layers.front()).first;
  const auto differs = [&](const std::string& each) { return numbers_in(each).first != pattern; };
  if (std::any_of(layers.begin(), layers.end(), differs)) return false;
  std::sort(layers.begin(), layers.end(), [](const std::string& a, const std::string& b) {
    return numbers_in(a).second < numbers_in(b).second;
  });
  return true;
}

/// The layers that a list of (name, shape) makes, in its order, by what they hold.
LayersBySignature layers_of(const std::vector<std::pair<std::string, Sizes>>& tensors,
                            bool conditional) {
  std::vector<std::string> order;
  std::map<std::string, LayerSignature> signatures;
  for (const auto& [name, shape] : tensors) {
    const auto [layer, end] = split_name(name, conditional);
    if (!signatures.contains(layer)) order.push_back(layer);
    signatures[layer][end] = shape;
  }
  LayersBySignature layers;
  for (const std::string& layer : order) layers[signatures.at(layer)].push_back(layer);
  return layers;
}

bool has_conditions(const std::vector<Parameter>& parameters) {
  return std::ranges::any_of(
      parameters, [](const Parameter& each) { return !condition_tensor_in(each.name).empty(); });
}

}  // namespace

LayersBySignature layers_of_network(const std::vector<Parameter>& parameters) {
  std::vector<std::pair<std::string, Sizes>> tensors;
  for (const Parameter& each : parameters) tensors.emplace_back(each.name, each.shape);
  return layers_of(tensors, has_conditions(parameters));
}

LayersBySignature layers_of_file(const std::vector<Parameter>& parameters,
                                 const GivenTensors& tensors) {
  std::vector<std::pair<std::string, Sizes>> list;
  for (const auto& [name, tensor] : tensors) list.emplace_back(name, tensor.shape);
  return layers_of(list, has_conditions(parameters));
}

std::string shown_name(const std::string& name) {
  const std::string quoted = base::quote(name);
  return quoted == '"' + name + '"' ? name : quoted;
}

std::optional<NameMatch> match_layers(const std::vector<Parameter>& parameters,
                                      const GivenTensors& tensors, const std::string& origin) {
  const LayersBySignature wanted = layers_of_network(parameters);
  LayersBySignature given = layers_of_file(parameters, tensors);
  if (wanted.size() != given.size()) return std::nullopt;
  NameMatch match{.names = {}, .rule = {}, .by_shape = true};
  bool by_numbers = false;
  for (const auto& [signature, layers] : wanted) {
    const auto found = given.find(signature);
    if (found == given.end() || found->second.size() != layers.size()) return std::nullopt;
    if (layers.size() > 1) {
      if (!order_by_numbers(found->second)) {
        std::string alike, options;
        for (const std::string& each : found->second) {
          alike += (alike.empty() ? "" : ", ") + shown_name(each);
        }
        for (const std::string& each : layers) options += (options.empty() ? "" : ", ") + each;
        throw Error(ErrorCode::kBadData, origin + ": layers " + alike +
                                             " have the same shapes, so that it is not " +
                                             "clear which is which of the network's layers " +
                                             options + "; give --rename LAYER=NUMBER for each");
      }
      by_numbers = true;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      for (const auto& entry : signature) {
        const auto join = [&](const std::string& layer) {
          return layer.empty() ? entry.first : layer + "." + entry.first;
        };
        match.names[join(layers[i])] = tensors.at(join(found->second[i])).name;
      }
    }
  }
  match.rule = by_numbers ? "matched by their shapes and the numbers in their names"
                          : "matched by their shapes, which differ from layer to layer";
  return match;
}

}  // namespace ebm::nets
