#include "nets/gradients/tree_sum.h"

#include <utility>

namespace ebm::nets {

void TreeSum::add(std::int64_t index, WorkspacePool::Lease term) {
  const auto n = static_cast<std::int64_t>(waiting_.size());
  for (int level = 0;; ++level) {
    const std::int64_t width = std::int64_t{1} << level;
    const bool is_second = (index >> level) % 2 == 1;
    const std::int64_t neighbour = is_second ? index - width : index + width;
    if (neighbour >= n && width < n) continue;
    WorkspacePool::Lease other;
    {
      const std::lock_guard lock(mutex_);
      if (width < n) {
        Waiting& there = waiting_[static_cast<std::size_t>(neighbour)];
        if (there.sum && there.level == level) other = std::move(there.sum);
      }
      if (!other) {
        waiting_[static_cast<std::size_t>(index)] = {level, std::move(term)};
        return;
      }
    }
    if (is_second) {
      std::swap(term, other);
      index = neighbour;
    }
    float* const sum = term.data();
    const float* const more = other.data();
    for (std::size_t i = 0; i < term.size(); ++i) sum[i] += more[i];
  }
}

}  // namespace ebm::nets
