#include "nets/files/layer_match.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/printed.h"
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

/// The place of the dot before the name of a tensor in its layer; npos if there is none.
/// @param conditional  whether the network has films or projections
std::size_t dot_after_layer(std::string_view name, bool conditional) {
  if (const auto end = condition_tensor_in(name); conditional && !end.empty()) {
    const std::size_t begin = name.size() - end.size();
    return begin == 0 ? std::string_view::npos : begin - 1;
  }
  constexpr std::string_view kParametrized = "parametrizations.";
  if (name.starts_with(kParametrized)) return std::string_view::npos;
  const std::size_t found = name.find("." + std::string(kParametrized));
  return found == std::string_view::npos ? name.rfind('.') : found;
}

/// "0.parametrizations.weight.original" -> {"0", "parametrizations.weight.original"}; with
/// `conditional` "0.level.2.bias" -> {"0", "level.2.bias"}. The inverse of tensor_in(): a name that
/// begins with its only dot belongs to no layer, dot and all.
std::pair<std::string, std::string> split_name(const std::string& name, bool conditional) {
  const std::size_t dot = dot_after_layer(name, conditional);
  if (dot == std::string::npos || dot == 0) return {"", name};
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

std::string tensor_in(const std::string& layer, const std::string& end) {
  return layer.empty() ? end : layer + "." + end;
}

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
  return !name.empty() && quoted == '"' + name + '"' ? name : quoted;
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
        throw Error(ErrorCode::kBadData,
                    base::printed("%s: layers %s have the same shapes, so that it is not clear "
                                  "which is which of the network's layers %s; give --rename "
                                  "LAYER=NUMBER for each",
                                  origin, alike, options));
      }
      by_numbers = true;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      for (const auto& [end, shape] : signature) {
        match.names[tensor_in(layers[i], end)] = tensors.at(tensor_in(found->second[i], end)).name;
      }
    }
  }
  match.rule = by_numbers ? "matched by their shapes and the numbers in their names"
                          : "matched by their shapes, which differ from layer to layer";
  return match;
}

}  // namespace ebm::nets
