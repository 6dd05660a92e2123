#include "nets/architecture/classifier_presets.h"

#include "base/error.h"
#include "base/require.h"

namespace ebm::nets {
namespace {

constexpr std::int64_t kFeatures = 64;

}  // namespace

Architecture classifier_preset(const Shape& input, std::int64_t n_classes) {
  base::require_at_least("n_classes", n_classes, 2);
  const bool is_grey = input == Shape{1, 28, 28};
  if (!is_grey && input != Shape{3, 32, 32}) {
    throw Error(ErrorCode::kShape, "images of " + to_string(input) +
                                       ": feature networks are for 1x28x28 (features28) and "
                                       "3x32x32 (features32); a SPEC may say size= and gray=");
  }
  Architecture architecture{is_grey ? "features28" : "features32", input, {}};
  const Activation relu{ActivationKind::kRelu, 0.0};
  for (const std::int64_t factor : {1, 2, 4}) {
    Conv2d conv;
    conv.out_channels = (is_grey ? 16 : 32) * factor;
    conv.kernel_height = conv.kernel_width = 3;
    conv.padding = {1, 1, 1, 1};
    architecture.layers.insert(architecture.layers.end(), {conv, relu, AvgPool{2, 2}});
  }
  architecture.layers.insert(
      architecture.layers.end(),
      {Flatten{}, Linear{.out_features = kFeatures}, relu, Linear{.out_features = n_classes}});
  validate(architecture, Outputs::kAny);
  return architecture;
}

}  // namespace ebm::nets
