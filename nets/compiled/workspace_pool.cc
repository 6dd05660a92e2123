#include "nets/compiled/workspace_pool.h"

#include <algorithm>

#include "base/interruption.h"

namespace ebm::nets {
namespace {

/// Floats that are cleared at a time: some milliseconds.
constexpr std::size_t kCleared = std::size_t{1} << 20;

}  // namespace

WorkspacePool::Lease WorkspacePool::take(std::size_t n_floats) {
  {
    const std::lock_guard lock(mutex_);
    // The latest one is the warmest.
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                    [&](const auto& floats) { return floats.size() == n_floats; });
    if (found != idle_.rend()) {
      std::swap(*found, idle_.back());
      Lease lease(this, std::move(idle_.back()));
      idle_.pop_back();
      return lease;
    }
  }
  base::AlignedVector<float> made;
  made.reserve(n_floats);
  while (made.size() < n_floats) {
    base::throw_if_interrupted();
    made.resize(std::min(n_floats, made.size() + kCleared));
  }
  const std::lock_guard lock(mutex_);
  // So that giving it back needs no memory.
  idle_.reserve(n_made_ + 1);
  ++n_made_;
  return {this, std::move(made)};
}

void WorkspacePool::give_back(base::AlignedVector<float> floats) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(floats));
}

}  // namespace ebm::nets
