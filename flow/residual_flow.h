#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "flow/flow_architecture.h"
#include "flow/logit.h"
#include "nets/safetensors.h"
#include "nets/weighted_layers.h"
#include "torch_nets/libtorch.h"

namespace ebm::flow {

/// z = F(x), an invertible map to z ~ N(0, I), and so the density
///   ln p(x) = −½‖z‖² − (d/2)·ln 2π + Σ_blocks (ln|det(I + J_g)| + h·w·Σ s) + ln|det| of the logit.
/// With a logit no x beyond u = 0 and u = 1 has a density: it is NaN there (flow/logit.h).
class ResidualFlow {
 public:
  /// Initial weights as of torch_nets::TorchNet, projected; ActNorms are the identity.
  /// @throws Error(kUsage) if the architecture is invalid.
  ResidualFlow(const FlowArchitecture& architecture, std::uint64_t seed);
  /// With the weights of a file.
  /// @throws Error(kBadData) naming the tensor that is missing, superfluous, of another shape or
  ///         not finite, or the block whose Lipschitz constant is 1 or more.
  ResidualFlow(const FlowArchitecture& architecture, const nets::SafetensorsFile& file,
               const std::string& origin);

  const FlowArchitecture& architecture() const { return architecture_; }
  /// One a tensor(): "blocks.3.norm.shift" [c], "blocks.3.norm.log_scale" [c], and what
  /// nets::parameters() names the weights of a block's g, behind "blocks.3.branch.".
  const std::vector<std::string>& names() const { return names_; }
  /// Everything that is trained.
  const std::vector<torch::Tensor>& tensors() const { return tensors_; }
  std::map<std::string, nets::TensorData, std::less<>> to_tensor_data() const;
  void copy_from(const ResidualFlow& other);
  /// A copy in that precision, whose tensors need no gradient.
  ResidualFlow frozen(torch::Dtype type) const;

  /// An estimate of ln|det(I + J)| of block number `block` (flow/log_determinant.h).
  using LogDet = std::function<torch::Tensor(std::int64_t block, const torch::Tensor& x,
                                             const torch::Tensor& g)>;

  struct Pass {
    torch::Tensor z;        ///< [n, dim]
    torch::Tensor log_det;  ///< [n], of F
  };
  /// @param x  [n, dim]; with gradients switched on, as estimates of determinants need them
  Pass forward(const torch::Tensor& x, const LogDet& log_det) const;
  /// ln p(x) [n].
  torch::Tensor log_density(const torch::Tensor& x, const LogDet& log_det) const;
  /// z alone.
  torch::Tensor forward(const torch::Tensor& x) const;

  /// g of a block at x [n, c, h, w].
  torch::Tensor branch(std::int64_t block, const torch::Tensor& x) const;
  /// The ActNorm before a block, and its inverse.
  torch::Tensor normalise(std::int64_t block, const torch::Tensor& x) const;
  torch::Tensor denormalise(std::int64_t block, const torch::Tensor& x) const;

  /// Sets every ActNorm so that its output has mean 0 and variance 1 a channel on x [n, dim].
  void initialise_norms(const torch::Tensor& x);
  /// W <- W·min(1, bound/σ(W)) of every convolution, σ its norm as a map, by that many power
  /// iterations from where the last ones ended.
  void project(int n_iterations);
  /// What an optimiser steps in place of tensors(): of each convolution V, whose W is
  ///   W = V·min(1, bound/σ(V)),
  /// at first W itself, and the other tensors. Were W stepped and then projected, each step would
  /// shrink all of W by what its steepest direction had grown, and soon nothing learnt were left.
  /// Source: Behrmann et al. 2019, section 2.1; Miyato et al. 2018, eq. 12.
  std::vector<torch::Tensor> free_tensors() const;
  /// Turns a gradient G of tensors() into one of free tensors. Of those beyond their bound it is
  ///   (bound/σ(V))·(G − (⟨G, W⟩/bound)·∂σ/∂W).
  void pull_back(std::vector<torch::Tensor>& gradient,
                 const std::vector<torch::Tensor>& free) const;
  /// tensors() of free ones, σ by that many power iterations from where the last ones ended.
  void hold(const std::vector<torch::Tensor>& free, int n_iterations);
  /// The V of all convolutions, by the names of their W.
  std::map<std::string, nets::TensorData, std::less<>> free_data(
      const std::vector<torch::Tensor>& free) const;
  /// @throws Error(kBadData) naming the tensor that is missing, of another shape or not finite.
  void restore_free(const nets::SafetensorsFile& file, const std::string& origin,
                    const std::vector<torch::Tensor>& free) const;
  /// An estimate of the Lipschitz constant of each g from below, which more iterations raise to
  /// the product of the norms of its layers.
  std::vector<double> lipschitz_constants(int n_iterations) const;

  /// The singular vectors at which project() goes on, [1, c, h, w] a convolution.
  const std::vector<torch::Tensor>& norm_vectors() const { return norm_vectors_; }
  std::map<std::string, nets::TensorData, std::less<>> norm_vector_data() const;
  /// @throws Error(kBadData) naming the tensor that is missing or of another shape.
  void restore_norm_vectors(const nets::SafetensorsFile& file, const std::string& origin);

 private:
  /// Where the tensors of a block are, and what they are of.
  struct Block {
    nets::Architecture net;
    std::size_t first;                        // in tensors_: shift, log_scale, weights of g
    std::vector<nets::WeightedLayer> layers;  // convolutions of g
    std::vector<std::size_t> weights;         // theirs, in tensors_
    std::size_t first_norm;                   // of norm_vectors_
  };
  void create(std::uint64_t seed);
  /// Every convolution of every g: the number of its weight, the layer, its bound, its vector.
  template <class F>
  void for_each_convolution(const F& f) const;
  /// Rows as items, through the logit, and its ln|det| [n].
  Logit enter(const torch::Tensor& rows) const;

  FlowArchitecture architecture_;
  std::vector<Block> blocks_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> tensors_;
  std::vector<torch::Tensor> norm_vectors_;
};

/// 2x2 squares as channels, [n, c, h, w] to [n, 4c, h/2, w/2], and back.
torch::Tensor squares_to_channels(const torch::Tensor& x);
torch::Tensor channels_to_squares(const torch::Tensor& x);

}  // namespace ebm::flow
