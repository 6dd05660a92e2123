#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "flow/flow_architecture.h"
#include "flow/logit.h"
#include "nets/architecture/weighted_layers.h"
#include "nets/files/safetensors.h"
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
  /// Copies the tensors of a file, of a flow in training: its norms are bounded only as far as its
  /// power iterations have come, and a block may have no inverse yet.
  /// @throws Error(kBadData) as the constructor, but for the Lipschitz constants.
  void copy_from(const nets::SafetensorsFile& file, const std::string& origin);
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
  /// W <- W·min(1, bound/σ(W)) of every convolution, σ by norm(): for weights that are to be
  /// written, or to begin with; what learns has FreeWeights (flow/free_weights.h). No bit depends
  /// on n_threads.
  void project(int n_iterations, int n_threads = 1);
  /// An estimate of the Lipschitz constant of each g from below, which more iterations raise to
  /// the product of the norms of its layers.
  std::vector<double> lipschitz_constants(int n_iterations) const;

  /// A convolution of some g.
  struct Convolution {
    std::int64_t block;
    std::size_t weight;  ///< which of tensors()
    nets::WeightedLayer layer;
    double bound;          ///< on its norm as a map
    torch::Tensor vector;  ///< the singular vector at which power iterations go on, [1, c, h, w]
  };
  const std::vector<Convolution>& convolutions() const { return convolutions_; }
  /// work(k) of each, n_threads of them side by side, denormals flushed.
  void for_each_convolution(int n_threads, const std::function<void(std::size_t k)>& work) const;
  /// The norm of convolutions()[k] with another weight, by that many power iterations from where
  /// the last ones ended. Safe to call from many threads, each for another k.
  double norm(std::size_t k, const torch::Tensor& weight, int n_iterations);
  /// Where they ended, "norm_vector.K" of each convolution.
  nets::SafetensorsFile norm_vectors() const;
  /// @throws Error(kBadData) naming the tensor that is missing, of another shape or not finite.
  void restore_norm_vectors(const nets::SafetensorsFile& file, const std::string& origin);

 private:
  /// g of a block, and where its tensors begin: shift, log_scale, weights of g.
  struct Block {
    nets::Architecture net;
    std::size_t first;
  };
  void create(std::uint64_t seed);
  /// Rows as items, through the logit, and its ln|det| [n].
  Logit enter(const torch::Tensor& rows) const;

  FlowArchitecture architecture_;
  std::vector<Block> blocks_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> tensors_;
  std::vector<Convolution> convolutions_;
};

/// 2x2 squares as channels, [n, c, h, w] to [n, 4c, h/2, w/2], and back.
torch::Tensor squares_to_channels(const torch::Tensor& x);
torch::Tensor channels_to_squares(const torch::Tensor& x);

}  // namespace ebm::flow
