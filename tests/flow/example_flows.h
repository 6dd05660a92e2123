#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/random.h"
#include "flow/residual_flow.h"
#include "torch_nets/libtorch.h"

namespace ebm::flow {

/// N(0, I) rows [n, dim], of the stream.
inline torch::Tensor normal_rows(std::int64_t n, std::int64_t dim, std::uint64_t stream = 0) {
  auto rows = torch::empty({n, dim});
  base::RandomStream random({.seed = 17, .domain = base::Domain::kToyData}, stream);
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    rows.data_ptr<float>()[i] = static_cast<float>(random.next_normal());
  }
  return rows;
}

/// Makes a flow far from the identity: weights three times as large as at the start and then
/// projected, so that most norms are at their bound, and ActNorms away from 0.
inline ResidualFlow bent(ResidualFlow flow) {
  const torch::NoGradGuard no_grad;
  std::uint64_t stream = 100;
  for (std::size_t i = 0; i < flow.tensors().size(); ++i) {
    const torch::Tensor& tensor = flow.tensors()[i];
    if (flow.names()[i].find(".norm.") != std::string::npos) {
      tensor.copy_(0.2 * normal_rows(1, tensor.numel(), stream++).flatten());
    } else {
      tensor.mul_(3.0);
    }
  }
  flow.project(200);
  return flow;
}

/// Of points of the plane.
inline ResidualFlow bent_plane(nets::ActivationKind activation = nets::ActivationKind::kElu) {
  return bent(
      ResidualFlow({.item = {2, 1, 1}, .blocks = 4, .hidden = 8, .activation = activation}, 3));
}

/// Of points of a square, which is a little larger than [−1, 1]²: a logit comes first.
inline ResidualFlow bent_square() {
  return bent(ResidualFlow({.item = {2, 1, 1}, .logit = 0.05, .blocks = 4, .hidden = 8}, 5));
}

/// Of 4x4 images: a squeeze, and so 4 channels of 2x2.
inline ResidualFlow bent_images() {
  return bent(ResidualFlow({.item = {1, 4, 4}, .squeezes = 1, .blocks = 3, .hidden = 6}, 4));
}

}  // namespace ebm::flow
