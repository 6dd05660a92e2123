#pragma once

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"

namespace ebm::nets {

/// critic ∘ generator as one network: E(z) = critic(generator(z)), the generator's layers first.
/// Its layer weights are those of the generator, followed by those of the critic.
/// @throws Error(kShape) if the critic takes another shape than the generator makes, or if either
///         is invalid or conditional, or the critic is modulated by its input, which would then
///         be z.
Architecture compose(const Architecture& generator, const Architecture& critic);

/// The layer weights of compose().
LayerWeights compose(LayerWeights generator, const LayerWeights& critic);

}  // namespace ebm::nets
