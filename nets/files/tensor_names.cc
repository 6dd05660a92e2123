#include "nets/files/tensor_names.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "nets/files/layer_match.h"
#include "nets/files/tensor_faults.h"

namespace ebm::nets {
namespace {

std::string renamed(const std::string& name, const std::vector<Rename>& renames) {
  for (const auto& [from, to] : renames) {
    if (name == from) return to;
    if (name.starts_with(from + ".")) return to + name.substr(from.size());
  }
  return name;
}

/// Names of the older torch.nn.utils.spectral_norm and weight_norm as those of the
/// parametrizations.
std::string modern_name(const std::string& name, const TensorShapes& given) {
  const std::size_t dot = name.rfind('.');
  const std::string layer = dot == std::string::npos ? "" : name.substr(0, dot + 1);
  const std::string end = name.substr(layer.size());
  if (given.contains(layer + "weight_g")) {
    if (end == "weight_g") return layer + "parametrizations.weight.original0";
    if (end == "weight_v") return layer + "parametrizations.weight.original1";
    return name;
  }
  if (!given.contains(layer + "weight_orig")) return name;
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
      throw Error(ErrorCode::kUsage, origin + ": " + shown_name(at->second.name) + " and " +
                                         shown_name(name) + " would both be named " +
                                         shown_name(new_name));
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
    if (auto match = match_layers(all, tensors, origin)) return *match;
    refuse_tensors(architecture, tensors, origin);
  }
  NameMatch match;
  bool same = true;
  for (const Parameter& each : all) {
    const GivenTensor& found = best.at(each.name);
    if (found.shape != each.shape) refuse_tensors(architecture, tensors, origin);
    match.names[each.name] = found.name;
    same = same && found.name == each.name;
  }
  match.rule = same ? "named as the network's"
               : best_prefix.empty()
                   ? "renamed"
                   : "matched by name behind the prefix " + shown_name(best_prefix);
  return match;
}

}  // namespace ebm::nets
