#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "torch_nets/torch_net.h"

namespace ebm::gan {

/// What a generator makes of some latents, and the way back. Batch norms go by the statistics of
/// fixed groups of 32 rows ("ghost batches"), so that no bit depends on the number of threads.
class GeneratorPass {
 public:
  /// @param generator  outlives the pass; its weights stay as they are meanwhile
  /// @param latents    [n, latent_dim], n a multiple of 32
  GeneratorPass(const torch_nets::TorchNet& generator, std::span<const float> latents,
                int n_threads);

  /// G(z), [n, size of an item].
  const std::vector<float>& rows() const { return rows_; }
  /// Σ_b ∂θ(v_b·G(z_b)), like TorchNet::trainable(). Once only: it consumes the graph.
  /// @param vectors  [n, size of an item]
  std::vector<torch::Tensor> gradient(std::span<const float> vectors);

 private:
  const torch_nets::TorchNet& generator_;
  std::int64_t n_;
  int n_threads_;
  std::vector<torch::Tensor> outputs_;  // of each group, with its graph
  std::vector<float> rows_;
};

}  // namespace ebm::gan
