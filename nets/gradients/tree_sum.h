#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "nets/compiled/workspace_pool.h"

namespace ebm::nets {

/// A sum of vectors in a fixed tree, whatever the order in which threads add them: of each pair of
/// neighbours 2k and 2k + 1 the sum, of these sums the same, and so on; what has no neighbour waits
/// for the next level. Each sum is made as soon as both of its terms are there, so that few vectors
/// exist at a time: those that threads work on, and one a level.
class TreeSum {
 public:
  /// @param n_terms  at least 1
  explicit TreeSum(std::int64_t n_terms) : waiting_(static_cast<std::size_t>(n_terms)) {}

  /// Adds term `index`, once for each index. Safe to call from any thread.
  void add(std::int64_t index, WorkspacePool::Lease term);

  /// The sum, once all terms were added.
  WorkspacePool::Lease& sum() { return waiting_.front().sum; }

 private:
  /// A sum that waits for its neighbour: that of the terms from its place on, 2^level of them.
  struct Waiting {
    int level = 0;
    WorkspacePool::Lease sum = {};
  };

  std::mutex mutex_;
  std::vector<Waiting> waiting_;
};

}  // namespace ebm::nets
