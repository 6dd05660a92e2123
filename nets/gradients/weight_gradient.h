#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nets/compiled/compiled_net.h"
#include "nets/compiled/rows.h"

namespace ebm::nets {

/// @param what  name of the network, for the message
/// @throws Error(kUsage) for a network with batch norms, whose batch a block of rows is not.
void require_weight_gradient(const Plan& plan, const std::string& what);

/// Energies of some rows, and a gradient with respect to the weights that the layers use.
struct WeightGradient {
  std::vector<float> energies;  ///< [n], in order
  LayerWeights gradient;        ///< like the layer weights
};

/// Σ_b c_b·∂E(x_b)/∂W, c_b = coefficient(b, E(x_b)): a loss of energies has c_b = ∂L/∂E_b. Where
/// layer weights are functions of parameters, as W/σ(W) is, the caller applies the chain rule. In
/// bfloat16 the inputs of products and the gradients at their outputs are rounded before they are
/// multiplied, and the sums are float32, as are gradients of biases, of gradients as they are. Rows
/// are processed in blocks of 16, in parallel, and the blocks' gradients are added in a fixed tree:
/// bits do not depend on n_threads. Tables of classes are float32. Memory of the threads is kept in
/// CompiledNet::workspaces().
/// @param rows  x [n, dim], context [n, context_dim]
/// @throws Error(kShape) if rows are no whole number of items, or a context is missing; what
///         require_context() and require_weight_gradient() throw.
WeightGradient weight_gradient(
    const CompiledNet& net, const Rows& rows,
    const std::function<float(std::int64_t row, float energy)>& coefficient, int n_threads);

}  // namespace ebm::nets
