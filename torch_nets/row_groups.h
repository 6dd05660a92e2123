#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "torch_nets/libtorch.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// How many rows LibTorch takes at a time on a CPU: its bits hang on the size of a batch.
inline constexpr std::int64_t kGroupRows = 32;

/// Some consecutive rows of a batch.
struct RowGroup {
  std::size_t index;      ///< 0, 1, ...
  std::int64_t first, n;  ///< rows
};

/// How many groups so many rows make: of 32, the last with what is left; one on another device
/// than the CPU, or if the network has threads inside its operations.
std::size_t n_row_groups(const TorchNet& net, std::int64_t n_rows);

/// Calls `work` for each of those groups, n_threads of them side by side with one intra-op thread
/// each, denormals flushed. What it does must hang on its group alone: then no bit depends on
/// n_threads.
/// @throws the failure of the first group that has one, after all are done.
void for_each_row_group(const TorchNet& net, std::int64_t n_rows, int n_threads,
                        const std::function<void(const RowGroup& group)>& work);

/// The same for what is no TorchNet: groups of 32 on the CPU.
std::size_t n_row_groups(std::int64_t n_rows);
void for_each_row_group(std::int64_t n_rows, int n_threads,
                        const std::function<void(const RowGroup& group)>& work);

/// The same in pieces of 64 rows a thread, between which it looks for a signal.
/// @return false if `stop` was set and rows are left
bool for_each_row_group(std::int64_t n_rows, int n_threads, const std::atomic<int>& stop,
                        const std::function<void(const RowGroup& group)>& work);

/// Rows of a group, [group.n, dim], copied from rows [n_rows, dim].
torch::Tensor rows_of(std::span<const float> rows, const RowGroup& group, std::int64_t dim);

/// Contexts of a group, [group.n, context_dim], copied from those of all rows; undefined if the
/// network has no conditions.
torch::Tensor context_of(const nets::Architecture& architecture, std::span<const float> context,
                         const RowGroup& group);

/// parts[0] + parts[1] + ... of the groups' gradients, by a fixed tree; parts are overwritten.
std::vector<torch::Tensor> sum_of_groups(std::vector<std::vector<torch::Tensor>>& parts);

}  // namespace ebm::torch_nets
