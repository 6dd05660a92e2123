#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "ebm/compiled_backend.h"
#include "ebm/evaluated_net.h"
#include "ebm/train_options.h"
#include "torch_nets/torch_net.h"
#include "torch_nets/training_backend.h"

namespace ebm::torch_nets {

inline std::vector<float> rows_of(std::int64_t n, std::int64_t dim, float phase) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = 0.9f * std::sin(static_cast<float>(i) * 0.37f + phase);
  }
  return rows;
}

inline torch::Tensor tensor_of(const std::vector<float>& rows, std::int64_t dim) {
  return torch::tensor(rows, torch::kFloat64).reshape({-1, dim});
}

/// Calls check(net) with networks of the same weights, evaluated by each backend.
inline void by_each_backend(const nets::Architecture& architecture,
                            const std::function<void(const EvaluatedNet& net)>& check) {
  const training::TrainedNet weights(architecture, 3);
  TrainOptions options;
  options.threads = 2;
  for (const auto& [name, backend] :
       {std::pair("torch", training_backend(options)),
        std::pair("compiled",
                  compiled_backend(architecture, nets::Precision::kFloat32, "net", 2))}) {
    SCOPED_TRACE(name);
    check(*backend(weights, {}));
  }
}

/// A gradient like the trainable tensors of a network.
inline std::vector<torch::Tensor> tensors_of(const std::vector<std::vector<float>>& gradient,
                                             const TorchNet& net) {
  std::vector<torch::Tensor> tensors;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    tensors.push_back(torch::tensor(gradient[i]).reshape(net.trainable()[i].sizes()));
  }
  return tensors;
}

}  // namespace ebm::torch_nets
