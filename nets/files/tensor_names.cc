#include "nets/files/tensor_names.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "nets/files/layer_match.h"

namespace ebm::nets {
namespace {

using Sizes = std::vector<std::int64_t>;

std::string shape_list(const Sizes& shape) {
  std::string text;
  for (const std::int64_t axis : shape) {
    text += (text.empty() ? "" : ", ") + std::to_string(axis);
  }
  return "[" + text + "]";
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
      shapes.add(shown_name(found->second.name) + " is " + shape_list(found->second.shape) +
                 ", must be " + shape_list(each.shape) + hint);
    }
  }
  for (const auto& [name, tensor] : tensors) {
    if (!known.contains(name))
      unexpected.add(shown_name(tensor.name) + " " + shape_list(tensor.shape));
  }
  throw Error(
      ErrorCode::kBadData,
      origin + " does not fit the network " +
          (architecture.name.empty() ? "" : shown_name(architecture.name) + " ") + "of an input " +
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
    if (auto match = match_layers(all, tensors, origin)) return *match;
    refuse(architecture, all, best, origin);
  }
  NameMatch match;
  bool same = true;
  for (const Parameter& each : all) {
    const GivenTensor& found = best.at(each.name);
    if (found.shape != each.shape) refuse(architecture, all, best, origin);
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
