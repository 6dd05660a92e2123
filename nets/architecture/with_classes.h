#pragma once

#include <cstdint>

#include "base/names/choice.h"
#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// How a network that has no conditions comes to read a class label.
enum class ClassCondition {
  kFilm,        ///< a film after each convolution and each linear layer but the last one
  kProjection,  ///< a projection in place of the last linear layer
  kLogits,      ///< one output for each class in the last linear layer, then class_logits
};

inline constexpr base::Choice<ClassCondition> kClassConditions[] = {
    {"film", ClassCondition::kFilm},
    {"projection", ClassCondition::kProjection},
    {"logits", ClassCondition::kLogits}};

/// The network with a class label. Films come before activations and into both branches of residual
/// layers. With films or a projection the network starts as one in which the label changes nothing;
/// all other weights are named and drawn as before only where no layer is inserted before them.
/// @throws Error(kUsage) if it has classes already; if it has no layer that a film could follow; if
///         it does not end with a linear layer of one output where that becomes a projection (which
///         has no norm of its weight and no init_scale) or logits. Error(kShape) for fewer than 1
///         class.
Architecture with_classes(Architecture net, std::int64_t classes, ClassCondition how);

}  // namespace ebm::nets
