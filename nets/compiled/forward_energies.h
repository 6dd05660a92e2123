#pragma once

#include <vector>

#include "nets/compiled/compiled_net.h"
#include "nets/compiled/rows.h"

namespace ebm::nets {

// Energies without gradients, by one forward pass of each row. Their bits are those of the network
// where it gives gradients too, and do not depend on n_threads.

/// E(x_b) [n].
/// @param rows  x [n, dim], context [n, context_dim]
/// @throws Error(kShape) if rows are no whole number of items, or a context is missing; what
///         require_context() throws
std::vector<float> energies(const CompiledNet& net, const Rows& rows, int n_threads);

/// Whether class_logits at the end of a network is all that reads the label: then one forward pass
/// gives the energies at all labels.
bool has_class_energies(const Plan& plan);

/// E(x_b, y) of the labels y = 0, ..., classes − 1, which are minus the logits: [n, classes].
/// @param net   has_class_energies()
/// @param rows  as for energies(), with any labels
/// @throws Error(kUsage) for another network; what energies() throws
std::vector<float> class_energies(const CompiledNet& net, const Rows& rows, int n_threads);

}  // namespace ebm::nets
