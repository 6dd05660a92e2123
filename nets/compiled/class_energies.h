#pragma once

#include <vector>

#include "nets/compiled/compiled_net.h"
#include "nets/compiled/rows.h"

namespace ebm::nets {

/// Whether class_logits at the end of a network is all that reads the label: then one forward pass
/// gives the energies at all labels.
bool has_class_energies(const Plan& plan);

/// E(x_b, y) of the labels y = 0, ..., classes − 1, which are minus the logits: [n, classes], with
/// the bits of the network at each label, by one forward pass of each row. Bits do not depend on
/// n_threads.
/// @param net   has_class_energies()
/// @param rows  x [n, dim], context [n, context_dim]; any labels
/// @throws Error(kUsage) for another network; Error(kShape) if rows are no whole number of items,
///         or a context is missing; what require_context() throws
std::vector<float> class_energies(const CompiledNet& net, const Rows& rows, int n_threads);

}  // namespace ebm::nets
