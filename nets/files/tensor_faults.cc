#include "nets/files/tensor_faults.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/names/nearest_name.h"

namespace ebm::nets {
namespace {

using Sizes = std::vector<std::int64_t>;
using Layers = std::vector<std::string>;

std::string with_shape(const std::string& name, const Sizes& shape) {
  std::string text;
  for (const std::int64_t axis : shape) text += (text.empty() ? "" : ", ") + std::to_string(axis);
  return name + " [" + text + "]";
}

/// " (the same sizes in another order)", where that is so.
std::string order_hint(Sizes found, Sizes wanted) {
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  return found == wanted ? " (the same sizes in another order)" : "";
}

/// "2, 4 and 3 more"
std::string few(const std::vector<std::string>& items, std::size_t max_shown) {
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), max_shown); ++i) {
    text += (i == 0 ? "" : ", ") + items[i];
  }
  if (items.size() > max_shown)
    text += " and " + std::to_string(items.size() - max_shown) + " more";
  return text;
}

/// What is left of a comparison.
class Faults {
 public:
  void add_missing(std::string name, const Sizes& shape) {
    missing_.emplace_back(std::move(name), shape);
  }
  void add_unexpected(std::string name, const Sizes& shape) {
    unexpected_.emplace_back(std::move(name), shape);
  }
  void add_shape(const std::string& name, const Sizes& found, const Sizes& wanted) {
    const std::string hint = order_hint(found, wanted);
    is_reordered_ |= !hint.empty();
    shapes_.push_back(with_shape(shown_name(name) + " is", found) + ", must be" +
                      with_shape("", wanted) + hint);
  }
  /// A sentence about layers of which some are missing, or unexpected.
  void add_count(std::string text) { counts_.push_back(std::move(text)); }

  std::size_t n() const {
    return missing_.size() + unexpected_.size() + shapes_.size() + counts_.size();
  }

  /// "; missing: a [2] (is it b?); unexpected: b [2]; ..."
  std::string text() const {
    constexpr std::size_t kMaxShown = 8;
    std::vector<std::string> missing, unexpected;
    for (const auto& each : missing_) {
      const bool is_shown = missing.size() < kMaxShown;
      missing.push_back(is_shown ? with_shape(shown_name(each.first), each.second) + hint_for(each)
                                 : "");
    }
    for (const auto& [name, shape] : unexpected_) {
      unexpected.push_back(with_shape(shown_name(name), shape));
    }
    std::string text;
    if (!missing.empty()) text += "; missing: " + few(missing, kMaxShown);
    if (!unexpected.empty()) text += "; unexpected: " + few(unexpected, kMaxShown);
    if (!shapes_.empty()) text += "; other shapes: " + few(shapes_, kMaxShown);
    if (!counts_.empty()) text += "; other numbers of layers: " + few(counts_, kMaxShown);
    if (is_reordered_) text += "; PyTorch's order is [out, in, height, width] and [out, in]";
    return text;
  }

 private:
  /// The unexpected tensor that a missing one may be, by shape and name.
  std::string hint_for(const std::pair<std::string, Sizes>& missing) const {
    std::vector<std::string> alike;
    for (const auto& [name, shape] : unexpected_) {
      if (shape == missing.second) alike.push_back(name);
    }
    if (alike.empty()) return "";
    const std::string nearest =
        alike.size() == 1 ? alike.front() : base::nearest_name(missing.first, alike);
    return nearest.empty() ? "" : " (is it " + shown_name(nearest) + "?)";
  }

  std::vector<std::pair<std::string, Sizes>> missing_, unexpected_;
  std::vector<std::string> shapes_, counts_;
  bool is_reordered_ = false;
};

/// The prefix, with its dot, behind which most tensors have names of the parameters.
std::string best_prefix(const std::vector<Parameter>& parameters, const GivenTensors& tensors) {
  // Modules are nested a few deep, names of a damaged file without bound.
  constexpr int kMaxDepth = 16;
  std::map<std::string_view, const Parameter*> wanted;
  for (const Parameter& each : parameters) wanted[each.name] = &each;
  std::map<std::string_view, std::size_t> n_known;
  for (const auto& [name, tensor] : tensors) {
    std::size_t begin = 0;
    for (int depth = 0; depth <= kMaxDepth; ++depth) {
      const std::string_view prefix = std::string_view(name).substr(0, begin);
      if (wanted.contains(std::string_view(name).substr(begin))) ++n_known[prefix];
      const std::size_t dot = name.find('.', begin);
      if (dot == std::string::npos) break;
      begin = dot + 1;
    }
  }
  std::string best;
  std::size_t most = 0;
  for (const auto& [prefix, n] : n_known) {
    if (n > most) best = prefix;
    most = std::max(most, n);
  }
  return best;
}

Faults faults_by_name(const std::vector<Parameter>& parameters, const GivenTensors& tensors) {
  const std::string prefix = best_prefix(parameters, tensors);
  Faults faults;
  GivenTensors rest = tensors;
  for (const Parameter& each : parameters) {
    const auto found = rest.find(prefix + each.name);
    if (found == rest.end()) {
      faults.add_missing(prefix + each.name, each.shape);
      continue;
    }
    const GivenTensor& tensor = found->second;
    if (tensor.shape != each.shape) faults.add_shape(tensor.name, tensor.shape, each.shape);
    rest.erase(found);
  }
  for (const auto& [name, tensor] : rest) faults.add_unexpected(tensor.name, tensor.shape);
  return faults;
}

/// How much two layers are alike: a sum over tensors that both hold with as many axes.
int likeness(const LayerSignature& a, const LayerSignature& b) {
  constexpr int kSameShape = 4, kOtherOrder = 2, kOtherSizes = 1;
  int sum = 0;
  for (const auto& [end, shape] : a) {
    const auto found = b.find(end);
    if (found == b.end() || found->second.size() != shape.size()) continue;
    sum += found->second == shape                      ? kSameShape
           : !order_hint(found->second, shape).empty() ? kOtherOrder
                                                       : kOtherSizes;
  }
  return sum;
}

/// Layers of the file that the network does not have at all, with what they hold.
using ForeignLayers = std::vector<std::pair<LayerSignature, std::string>>;
/// How many layers of a kind the file has too few of.
using NumbersLacking = std::map<LayerSignature, std::size_t>;

/// The kind that is most similar to a layer; its end if none is.
NumbersLacking::iterator nearest_kind(const LayerSignature& layer, NumbersLacking& lacking) {
  auto nearest = lacking.end();
  int most = 0;
  for (auto each = lacking.begin(); each != lacking.end(); ++each) {
    const int found = likeness(layer, each->first);
    if (found > most) nearest = each;
    most = std::max(most, found);
  }
  return nearest;
}

/// The difference between a layer of the file and the one of the network that it may be.
void compare_layers(const std::string& layer, const LayerSignature& given,
                    const LayerSignature& wanted, const GivenTensors& tensors, Faults& faults) {
  for (const auto& [end, shape] : wanted) {
    const auto found = given.find(end);
    const std::string name = tensor_in(layer, end);
    if (found == given.end()) {
      faults.add_missing(name, shape);
    } else if (found->second != shape) {
      faults.add_shape(tensors.at(name).name, found->second, shape);
    }
  }
  for (const auto& [end, shape] : given) {
    if (!wanted.contains(end)) {
      faults.add_unexpected(tensors.at(tensor_in(layer, end)).name, shape);
    }
  }
}

std::string what_it_holds(const LayerSignature& signature) {
  constexpr std::size_t kMaxShown = 4;
  std::vector<std::string> tensors;
  for (const auto& [end, shape] : signature) tensors.push_back(with_shape(shown_name(end), shape));
  return few(tensors, kMaxShown);
}

std::string listed(const Layers& layers) {
  constexpr std::size_t kMaxShown = 8;
  Layers shown;
  for (const std::string& each : layers) shown.push_back(shown_name(each));
  return few(shown, kMaxShown);
}

Layers of_kind(const LayersBySignature& layers, const LayerSignature& kind) {
  const auto found = layers.find(kind);
  return found == layers.end() ? Layers() : found->second;
}

/// "4 in the file (a, b, c, d), 3 in the network (0, 2, 4), each of bias [2], weight [2, 2]"
std::string numbers_of(const LayerSignature& signature, const Layers& given, const Layers& wanted) {
  return std::to_string(given.size()) + " in the file" +
         (given.empty() ? "" : " (" + listed(given) + ")") + ", " + std::to_string(wanted.size()) +
         " in the network (" + listed(wanted) + "), each of " + what_it_holds(signature);
}

Faults faults_by_layer(const std::vector<Parameter>& parameters, const GivenTensors& tensors) {
  const LayersBySignature wanted = layers_of_network(parameters);
  const LayersBySignature given = layers_of_file(parameters, tensors);
  NumbersLacking lacking;
  for (const auto& [signature, layers] : wanted) {
    const std::size_t n_given = of_kind(given, signature).size();
    if (layers.size() > n_given) lacking[signature] = layers.size() - n_given;
  }
  ForeignLayers foreign;
  for (const auto& [signature, layers] : given) {
    if (wanted.contains(signature)) continue;
    for (const std::string& layer : layers) foreign.emplace_back(signature, layer);
  }
  // They are what the network lacks, with a difference; those of the smallest difference come
  // first.
  std::map<std::string, int> likeness_of;
  for (const auto& [signature, layer] : foreign) {
    const auto nearest = nearest_kind(signature, lacking);
    likeness_of[layer] = nearest == lacking.end() ? 0 : likeness(signature, nearest->first);
  }
  std::stable_sort(foreign.begin(), foreign.end(), [&](const auto& a, const auto& b) {
    return likeness_of.at(a.second) > likeness_of.at(b.second);
  });
  Faults faults;
  for (const auto& [signature, layer] : foreign) {
    const auto nearest = nearest_kind(signature, lacking);
    const bool is_alike = nearest != lacking.end();
    compare_layers(layer, signature, is_alike ? nearest->first : LayerSignature{}, tensors, faults);
    if (is_alike && --nearest->second == 0) lacking.erase(nearest);
  }
  for (const auto& [signature, n] : lacking) {
    const Layers& layers = wanted.at(signature);
    if (n == layers.size()) {
      for (const std::string& layer : layers) {
        for (const auto& [end, shape] : signature) faults.add_missing(tensor_in(layer, end), shape);
      }
    } else {
      faults.add_count(numbers_of(signature, of_kind(given, signature), layers));
    }
  }
  for (const auto& [signature, layers] : wanted) {
    const Layers found = of_kind(given, signature);
    if (found.size() > layers.size()) faults.add_count(numbers_of(signature, found, layers));
  }
  return faults;
}

}  // namespace

void refuse_tensors(const Architecture& architecture, const GivenTensors& tensors,
                    const std::string& origin) {
  const std::vector<Parameter> all = parameters(architecture);
  const Faults by_name = faults_by_name(all, tensors), by_layer = faults_by_layer(all, tensors);
  throw Error(ErrorCode::kBadData,
              origin + " does not fit the network " +
                  (architecture.name.empty() ? "" : shown_name(architecture.name) + " ") +
                  "of an input " + to_string(architecture.input) +
                  (by_layer.n() < by_name.n() ? by_layer : by_name).text());
}

}  // namespace ebm::nets
