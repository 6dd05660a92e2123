#include "nets/architecture/compose.h"

#include <algorithm>
#include <variant>

#include "base/error.h"
#include "nets/architecture/condition.h"

namespace ebm::nets {
namespace {

bool is_modulated(const std::vector<Layer>& layers) {
  return std::any_of(layers.begin(), layers.end(), [](const Layer& layer) {
    const auto* residual = std::get_if<Residual>(&layer.op);
    return std::holds_alternative<SelfModulatedBatchNorm>(layer.op) ||
           (residual != nullptr &&
            (is_modulated(residual->body) || is_modulated(residual->shortcut)));
  });
}

}  // namespace

Architecture compose(const Architecture& generator, const Architecture& critic) {
  validate(generator, Outputs::kAny);
  validate(critic);
  require_unconditional(generator, "a generator");
  require_unconditional(critic, "a critic");
  const Shape made = infer_shapes(generator).back();
  if (made != critic.input) {
    throw Error(ErrorCode::kShape, "the generator makes " + to_string(made) +
                                       "; the critic takes " + to_string(critic.input));
  }
  if (is_modulated(critic.layers)) {
    throw Error(ErrorCode::kShape,
                "the critic is modulated by its input; behind a generator that would be another");
  }
  Architecture both{.name = critic.name + " of " + generator.name,
                    .input = generator.input,
                    .layers = generator.layers};
  both.layers.insert(both.layers.end(), critic.layers.begin(), critic.layers.end());
  return both;
}

LayerWeights compose(LayerWeights generator, const LayerWeights& critic) {
  generator.insert(generator.end(), critic.begin(), critic.end());
  return generator;
}

}  // namespace ebm::nets
