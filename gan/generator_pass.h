#pragma once

#include <cstdint>
#include <functional>
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

  /// A loss of the latents [32, latent_dim] and items [32, size] of one group, with its graph.
  using GroupLoss =
      std::function<torch::Tensor(const torch::Tensor& latents, const torch::Tensor& items)>;
  struct WithLoss {
    double loss;                          ///< its mean over the groups
    std::vector<torch::Tensor> gradient;  ///< of the generator's parameters, then the others
  };
  /// The same plus the gradient of the mean of a loss over the groups, which may have parameters
  /// of its own.
  /// @param others  those parameters
  WithLoss gradient(std::span<const float> vectors, const GroupLoss& loss,
                    const std::vector<torch::Tensor>& others);

 private:
  const torch_nets::TorchNet& generator_;
  std::vector<float> latents_;
  std::int64_t n_;
  int n_threads_;
  std::vector<torch::Tensor> outputs_;  // of each group, with its graph
  std::vector<float> rows_;
};

}  // namespace ebm::gan
