#include "nets/architecture/compose.h"

#include "base/error.h"
#include "nets/architecture/condition.h"
#include "nets/architecture/layer_tree.h"

namespace ebm::nets {

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
  if (has_kind<SelfModulatedBatchNorm, InputEnergy>(critic.layers)) {
    throw Error(ErrorCode::kShape,
                "a layer of the critic reads its input; behind a generator that would be another");
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
