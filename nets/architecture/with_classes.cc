#include "nets/architecture/with_classes.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace ebm::nets {
namespace {

bool has_weight(const Layer& layer) {
  return std::holds_alternative<Conv2d>(layer.op) ||
         std::holds_alternative<ConvTranspose2d>(layer.op) ||
         std::holds_alternative<Linear>(layer.op);
}

/// A film after every layer with a weight, except for the layer `last`, whose output is the energy.
/// Those that have one already keep it. @return how many layers have a film then
int add_films(std::vector<Layer>& layers, std::ptrdiff_t last) {
  int n = 0;
  std::vector<Layer> result;
  for (std::ptrdiff_t i = 0; i < std::ssize(layers); ++i) {
    Layer& layer = layers[static_cast<std::size_t>(i)];
    if (auto* residual = std::get_if<Residual>(&layer.op)) {
      n += add_films(residual->body, -1) + add_films(residual->shortcut, -1);
    }
    const bool has_film = has_weight(layer) && i != last;
    result.push_back(std::move(layer));
    if (!has_film) continue;
    ++n;
    const bool is_there = i + 1 < std::ssize(layers) &&
                          std::holds_alternative<Film>(layers[static_cast<std::size_t>(i + 1)].op);
    if (!is_there) result.emplace_back(Film{});
  }
  layers = std::move(result);
  return n;
}

std::ptrdiff_t last_with_weight(const std::vector<Layer>& layers) {
  for (std::ptrdiff_t i = std::ssize(layers) - 1; i >= 0; --i) {
    const Layer& layer = layers[static_cast<std::size_t>(i)];
    if (has_weight(layer)) return i;
    if (std::holds_alternative<Residual>(layer.op)) return -1;
  }
  return -1;
}

[[noreturn]] void refuse(const Architecture& net, const std::string& problem) {
  throw Error(ErrorCode::kUsage, "network " + (net.name.empty() ? "" : net.name + " ") + problem);
}

/// The linear layer at the end, whose output is the energy.
Linear energy_layer(const Architecture& net, const char* how) {
  const auto* linear = net.layers.empty() ? nullptr : std::get_if<Linear>(&net.layers.back().op);
  if (linear == nullptr || linear->out_features != 1) {
    refuse(net, std::string("does not end with a linear layer of out_features = 1; ") + how +
                    " takes its place");
  }
  return *linear;
}

}  // namespace

Architecture with_classes(Architecture net, std::int64_t classes, ClassCondition how) {
  if (net.classes > 0) refuse(net, "has classes already");
  if (classes < 1) {
    throw Error(ErrorCode::kShape,
                "classes is " + std::to_string(classes) + ", must be at least 1");
  }
  net.classes = classes;
  switch (how) {
    case ClassCondition::kFilm:
      if (add_films(net.layers, last_with_weight(net.layers)) == 0) {
        refuse(net, "has no layer that a film could follow: it needs one before the last");
      }
      break;
    case ClassCondition::kProjection: {
      const Linear last = energy_layer(net, "a projection");
      if (last.spectral_norm || last.init_scale != 1.0) {
        refuse(net,
               "ends with a linear layer of spectral_norm or init_scale, which a projection "
               "has not; use film or logits");
      }
      net.layers.back() = Projection{};
      break;
    }
    case ClassCondition::kLogits: {
      Linear last = energy_layer(net, "one logit for each class");
      last.out_features = classes;
      net.layers.back() = last;
      net.layers.emplace_back(ClassLogits{});
      break;
    }
  }
  validate(net);
  return net;
}

}  // namespace ebm::nets
