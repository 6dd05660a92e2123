#include "nets/architecture/with_classes.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "nets/architecture/films.h"

namespace ebm::nets {
namespace {

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
      if (add_films(net.layers) == 0) {
        refuse(net, "has no layer that a film could follow: it needs one before the last");
      }
      break;
    case ClassCondition::kProjection: {
      const Linear last = energy_layer(net, "a projection");
      if (last.spectral_norm || last.weight_norm || last.init_scale != 1.0) {
        refuse(net,
               "ends with a linear layer of spectral_norm, weight_norm or init_scale, which a "
               "projection has not; use film or logits");
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
