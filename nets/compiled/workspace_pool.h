#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "base/aligned_vector.h"

namespace ebm::nets {

/// Memory of threads that evaluate a network, kept from one computation to the next: the workspace
/// of a wide one takes 100 MB, and to clear them and fault their pages in takes longer than a short
/// run of chains. Safe to call from any thread.
class WorkspacePool {
 public:
  /// Memory of one owner, given back when it is destroyed; the pool outlives it.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), floats_(std::move(other.floats_)) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(pool_, other.pool_);
      std::swap(floats_, other.floats_);
      return *this;
    }
    ~Lease() {
      if (pool_ != nullptr) pool_->give_back(std::move(floats_));
    }

    float* data() { return floats_.data(); }
    std::size_t size() const { return floats_.size(); }
    /// Whether it has memory: not without an owner, nor after it was moved from.
    explicit operator bool() const { return pool_ != nullptr; }

   private:
    friend class WorkspacePool;
    Lease(WorkspacePool* pool, base::AlignedVector<float> floats)
        : pool_(pool), floats_(std::move(floats)) {}

    WorkspacePool* pool_ = nullptr;
    base::AlignedVector<float> floats_;
  };

  WorkspacePool() = default;
  WorkspacePool(const WorkspacePool&) = delete;
  WorkspacePool& operator=(const WorkspacePool&) = delete;

  /// Memory that lies idle, or new. Its values are those that its last owner has left.
  /// @throws base::Interrupted while it clears new memory, which takes long.
  Lease take(std::size_t n_floats);

 private:
  void give_back(base::AlignedVector<float> floats);

  std::mutex mutex_;
  std::size_t n_made_ = 0;
  std::vector<base::AlignedVector<float>> idle_;  // room for n_made_
};

}  // namespace ebm::nets
