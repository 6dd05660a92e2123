#include "torch_nets/row_groups.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/float_mode.h"
#include "base/parallel.h"
#include "nets/architecture/condition.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

std::int64_t group_rows(const TorchNet& net, std::int64_t n_rows) {
  const bool has_groups = net.tensors().front().device().is_cpu() && net.intraop_threads() == 0;
  return has_groups ? kGroupRows : n_rows;
}

std::size_t n_groups_of(std::int64_t size, std::int64_t n_rows) {
  return static_cast<std::size_t>((n_rows + size - 1) / size);
}

/// @param intraop_threads  within an operation, if groups are not side by side
void for_each_group_of(std::int64_t size, std::int64_t n_rows, int n_threads, int intraop_threads,
                       const std::function<void(const RowGroup& group)>& work) {
  const auto n_groups = static_cast<std::int64_t>(n_groups_of(size, n_rows));
  std::optional<IntraopThreads> threads;
  if (std::min<std::int64_t>(n_threads, n_groups) == 1) threads.emplace(intraop_threads);
  base::parallel_for(n_groups, n_threads, [&](std::int64_t group) {
    const base::FlushDenormals flush;
    const std::int64_t first = group * size;
    work({.index = static_cast<std::size_t>(group),
          .first = first,
          .n = std::min(size, n_rows - first)});
  });
}

}  // namespace

std::size_t n_row_groups(const TorchNet& net, std::int64_t n_rows) {
  return n_groups_of(group_rows(net, n_rows), n_rows);
}

std::size_t n_row_groups(std::int64_t n_rows) { return n_groups_of(kGroupRows, n_rows); }

void for_each_row_group(const TorchNet& net, std::int64_t n_rows, int n_threads,
                        const std::function<void(const RowGroup& group)>& work) {
  for_each_group_of(group_rows(net, n_rows), n_rows, n_threads, net.intraop_threads(), work);
}

void for_each_row_group(std::int64_t n_rows, int n_threads,
                        const std::function<void(const RowGroup& group)>& work) {
  for_each_group_of(kGroupRows, n_rows, n_threads, 0, work);
}

bool for_each_row_group(std::int64_t n_rows, int n_threads, const std::atomic<int>& stop,
                        const std::function<void(const RowGroup& group)>& work) {
  const std::int64_t piece = 2 * kGroupRows * n_threads;
  for (std::int64_t first = 0; first < n_rows; first += piece) {
    if (stop != 0) return false;
    for_each_row_group(std::min(piece, n_rows - first), n_threads, [&](const RowGroup& group) {
      work({.index = group.index + static_cast<std::size_t>(first / kGroupRows),
            .first = first + group.first,
            .n = group.n});
    });
  }
  return true;
}

torch::Tensor rows_of(std::span<const float> rows, const RowGroup& group, std::int64_t dim) {
  auto out = torch::empty({group.n, dim});
  std::copy_n(rows.data() + group.first * dim, group.n * dim, out.data_ptr<float>());
  return out;
}

torch::Tensor context_of(const nets::Architecture& architecture, std::span<const float> context,
                         const RowGroup& group) {
  const std::int64_t dim = nets::context_dim(architecture);
  return dim == 0 ? torch::Tensor() : rows_of(context, group, dim);
}

std::vector<torch::Tensor> sum_of_groups(std::vector<std::vector<torch::Tensor>>& parts) {
  for (std::size_t stride = 1; stride < parts.size(); stride *= 2) {
    for (std::size_t i = 0; i + stride < parts.size(); i += 2 * stride) {
      for (std::size_t k = 0; k < parts[i].size(); ++k) parts[i][k].add_(parts[i + stride][k]);
    }
  }
  return std::move(parts[0]);
}

}  // namespace ebm::torch_nets
