#include "nets/files/tensor_names.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::nets {
namespace {

using Sizes = std::vector<std::int64_t>;

/// A tensor of the file: its name there, and its name by the rules of match_tensor_names().
struct Given {
  std::string name;
  Sizes shape;
};
using GivenTensors = std::map<std::string, Given>;

/// The tensors of one layer, by the ends of their names: "weight", "bias".
using LayerSignature = std::map<std::string, Sizes>;

std::string shape_list(const Sizes& shape) {
  std::string text;
  for (const std::int64_t axis : shape) {
    text += (text.empty() ? "" : ", ") + std::to_string(axis);
  }
  return "[" + text + "]";
}

/// Names in a message are short and on one line, whatever they hold.
std::string shown(const std::string& name) {
  const std::string quoted = base::quote(name);
  return quoted == '"' + name + '"' ? name : quoted;
}

/// A list of faults that a message may hold: the first of many.
class FaultList {
 public:
  explicit FaultList(std::string title) : title_(std::move(title)) {}
  void add(const std::string& fault) {
    constexpr std::size_t kMaxShown = 8;
    if (n_++ < kMaxShown) text_ += (text_.empty() ? "" : ", ") + fault;
    if (n_ > kMaxShown) more_ = " and " + std::to_string(n_ - kMaxShown) + " more";
  }
  /// "; missing: a, b and 3 more", or nothing.
  std::string text() const { return n_ == 0 ? "" : "; " + title_ + ": " + text_ + more_; }

 private:
  std::string title_, text_, more_;
  std::size_t n_ = 0;
};

std::string renamed(const std::string& name, const std::vector<Rename>& renames) {
  for (const auto& [from, to] : renames) {
    if (name == from) return to;
    if (name.starts_with(from + ".")) return to + name.substr(from.size());
  }
  return name;
}

/// Names of the older torch.nn.utils.spectral_norm as those of its parametrization.
std::string modern_name(const std::string& name, const TensorShapes& given) {
  const std::size_t dot = name.rfind('.');
  const std::string layer = dot == std::string::npos ? "" : name.substr(0, dot + 1);
  if (!given.contains(layer + "weight_orig")) return name;
  const std::string end = name.substr(layer.size());
  if (end == "weight_orig") return layer + "parametrizations.weight.original";
  if (end == "weight_u") return layer + "parametrizations.weight.0._u";
  if (end == "weight_v") return layer + "parametrizations.weight.0._v";
  return name;
}

/// Steps 1 and 2.
GivenTensors named_by_rules(const TensorShapes& given, const std::vector<Rename>& renames,
                            const std::string& origin) {
  GivenTensors tensors;
  for (const auto& [name, shape] : given) {
    if (name.ends_with("num_batches_tracked")) continue;
    const std::string new_name = renamed(modern_name(name, given), renames);
    const auto [at, is_new] = tensors.insert({new_name, {name, shape}});
    if (!is_new) {
      throw Error(ErrorCode::kUsage, origin + ": " + shown(at->second.name) + " and " +
                                         shown(name) + " would both be named " + shown(new_name));
    }
  }
  return tensors;
}

bool has_all_names(const GivenTensors& tensors, const std::vector<Parameter>& parameters) {
  return tensors.size() == parameters.size() &&
         std::all_of(parameters.begin(), parameters.end(),
                     [&](const Parameter& each) { return tensors.contains(each.name); });
}

/// The tensors without the first component of their names; nothing unless all begin with the same.
std::optional<GivenTensors> without_prefix(const GivenTensors& tensors, std::string& prefix) {
  GivenTensors shorter;
  if (tensors.empty()) return std::nullopt;
  const std::string& first = tensors.begin()->first;
  const std::size_t dot = first.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::string begin = first.substr(0, dot + 1);
  for (const auto& [name, tensor] : tensors) {
    if (!name.starts_with(begin)) return std::nullopt;
    shorter.insert({name.substr(begin.size()), tensor});
  }
  prefix += begin;
  return shorter;
}

std::size_t n_known(const GivenTensors& tensors, const std::vector<Parameter>& parameters) {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(),
                    [&](const Parameter& each) { return tensors.contains(each.name); }));
}

/// "0.parametrizations.weight.original" -> {"0", "parametrizations.weight.original"}
std::pair<std::string, std::string> split_name(const std::string& name) {
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

using LayersBySignature = std::map<LayerSignature, std::vector<std::string>>;

/// The layers that a list of (name, shape) makes, in its order, by what they hold.
LayersBySignature layers_of(const std::vector<std::pair<std::string, Sizes>>& tensors) {
  std::vector<std::string> order;
  std::map<std::string, LayerSignature> signatures;
  for (const auto& [name, shape] : tensors) {
    const auto [layer, end] = split_name(name);
    if (!signatures.contains(layer)) order.push_back(layer);
    signatures[layer][end] = shape;
  }
  LayersBySignature layers;
  for (const std::string& layer : order) layers[signatures.at(layer)].push_back(layer);
  return layers;
}

/// Step 4; nothing if the layers of both sides hold different tensors.
std::optional<NameMatch> match_by_layers(const std::vector<Parameter>& parameters,
                                         const GivenTensors& tensors, const std::string& origin) {
  std::vector<std::pair<std::string, Sizes>> wanted_list, given_list;
  for (const Parameter& each : parameters) wanted_list.emplace_back(each.name, each.shape);
  for (const auto& [name, tensor] : tensors) given_list.emplace_back(name, tensor.shape);
  const LayersBySignature wanted = layers_of(wanted_list);
  LayersBySignature given = layers_of(given_list);
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
          alike += (alike.empty() ? "" : ", ") + shown(each);
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

/// " (the same sizes in another order)", where that is so.
std::string order_hint(Sizes found, Sizes wanted) {
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  return found == wanted ? " (the same sizes in another order)" : "";
}

[[noreturn]] void refuse(const Architecture& architecture, const std::vector<Parameter>& parameters,
                         const GivenTensors& tensors, const std::string& origin) {
  FaultList missing("missing"), unexpected("unexpected"), shapes("other shapes");
  std::set<std::string> known;
  bool is_reordered = false;
  for (const Parameter& each : parameters) {
    known.insert(each.name);
    const auto found = tensors.find(each.name);
    if (found == tensors.end()) {
      missing.add(each.name + " " + shape_list(each.shape));
    } else if (found->second.shape != each.shape) {
      const std::string hint = order_hint(found->second.shape, each.shape);
      is_reordered |= !hint.empty();
      shapes.add(shown(found->second.name) + " is " + shape_list(found->second.shape) +
                 ", must be " + shape_list(each.shape) + hint);
    }
  }
  for (const auto& [name, tensor] : tensors) {
    if (!known.contains(name)) unexpected.add(shown(tensor.name) + " " + shape_list(tensor.shape));
  }
  throw Error(
      ErrorCode::kBadData,
      origin + " does not fit the network " +
          (architecture.name.empty() ? "" : shown(architecture.name) + " ") + "of an input " +
          to_string(architecture.input) + missing.text() + unexpected.text() + shapes.text() +
          (is_reordered ? "; PyTorch's order is [out, in, height, width] and [out, in]" : ""));
}

}  // namespace

NameMatch match_tensor_names(const Architecture& architecture, const TensorShapes& given,
                             const std::vector<Rename>& renames, const std::string& origin) {
  const std::vector<Parameter> all = parameters(architecture);
  GivenTensors tensors = named_by_rules(given, renames, origin);
  // With each prefix that all names share, the longest last; the one that explains most is kept.
  // Modules are nested a few deep, names of a damaged file without bound.
  constexpr int kMaxPrefixes = 16;
  GivenTensors best = tensors;
  std::string prefix, best_prefix;
  std::optional<GivenTensors> next = tensors;
  for (int i = 0; i <= kMaxPrefixes && next && !has_all_names(best, all); ++i) {
    if (n_known(*next, all) > n_known(best, all)) {
      best = *next;
      best_prefix = prefix;
    }
    next = without_prefix(*next, prefix);
  }
  if (!has_all_names(best, all)) {
    if (auto match = match_by_layers(all, tensors, origin)) return *match;
    refuse(architecture, all, best, origin);
  }
  NameMatch match;
  bool same = true;
  for (const Parameter& each : all) {
    const Given& found = best.at(each.name);
    if (found.shape != each.shape) refuse(architecture, all, best, origin);
    match.names[each.name] = found.name;
    same = same && found.name == each.name;
  }
  match.rule = same                  ? "named as the network's"
               : best_prefix.empty() ? "renamed"
                                     : "matched by name behind the prefix " + shown(best_prefix);
  return match;
}

}  // namespace ebm::nets
