#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nets/files/safetensors.h"
#include "torch_nets/libtorch.h"
#include "torch_nets/torch_net.h"

namespace ebm::gan {

/// A lower bound, up to a constant, of the mutual information between latents z and what a
/// generator makes of them, G(z): where G has no noise of its own, that is the entropy of its
/// items.
///   Î = −mean softplus(−T(G(z), z)) − mean softplus(T(G(z), z')),  T(x, z) = f(x)·g(z)/√k,
/// z' being the latents of other items. f and g are networks with k outputs, learnt with G.
/// Source: Kumar et al. 2019, "Maximum entropy generators for energy-based models", section 3.2,
/// with the bound of Hjelm et al. 2019, "Deep InfoMax", eq. 4.
class MutualInformation {
 public:
  /// @param critic   f is its layers but for the last, which gets k outputs
  /// @param latents  flat
  MutualInformation(const nets::Architecture& critic, const nets::Shape& latents,
                    std::uint64_t seed);

  /// Î of one batch, with its graph; z' of an item is z of the next one.
  /// @param latents  [n, latent_dim]
  /// @param items    [n, size of an item]
  torch::Tensor estimate(const torch::Tensor& latents, const torch::Tensor& items) const;

  /// Of both networks, named item.NAME and latent.NAME.
  std::vector<torch::Tensor> trainable() const;
  std::vector<std::string> trainable_names() const;
  nets::SafetensorsFile state() const;
  /// @throws Error(kBadData) naming origin and what does not fit.
  void restore(const nets::SafetensorsFile& state, const std::string& origin);

 private:
  torch_nets::TorchNet item_, latent_;
};

}  // namespace ebm::gan
