#include "nets/gradients/tree_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "base/parallel.h"

namespace ebm::nets {
namespace {

/// Values of which no two orders of addition agree.
std::vector<std::vector<float>> terms_of(std::int64_t n) {
  std::vector<std::vector<float>> terms;
  for (std::int64_t i = 0; i < n; ++i) {
    auto& term = terms.emplace_back();
    for (std::int64_t k = 0; k < 9; ++k) {
      term.push_back(1.0f / static_cast<float>(3 * i + 7 * k + 1) - 0.1f * static_cast<float>(i));
    }
  }
  return terms;
}

/// The tree, written level by level.
std::vector<float> by_levels(std::vector<std::vector<float>> terms) {
  for (std::size_t stride = 1; stride < terms.size(); stride *= 2) {
    for (std::size_t i = 0; i + stride < terms.size(); i += 2 * stride) {
      for (std::size_t k = 0; k < terms[i].size(); ++k) terms[i][k] += terms[i + stride][k];
    }
  }
  return terms[0];
}

WorkspacePool::Lease lease_of(WorkspacePool& pool, const std::vector<float>& term) {
  WorkspacePool::Lease lease = pool.take(term.size());
  std::copy(term.begin(), term.end(), lease.data());
  return lease;
}

std::vector<float> sum_of(TreeSum& tree) {
  return {tree.sum().data(), tree.sum().data() + tree.sum().size()};
}

TEST(TreeSumTest, IsTheSameForEveryOrderInWhichTermsCome) {
  std::mt19937 random(3);
  WorkspacePool pool;
  for (std::int64_t n = 1; n < 40; ++n) {
    const auto terms = terms_of(n);
    const std::vector<float> expected = by_levels(terms);
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    for (int shuffle = 0; shuffle < 5; ++shuffle) {
      TreeSum tree(n);
      for (const std::int64_t i : order) {
        tree.add(i, lease_of(pool, terms[static_cast<std::size_t>(i)]));
      }
      EXPECT_EQ(sum_of(tree), expected) << n;
      std::shuffle(order.begin(), order.end(), random);
    }
    TreeSum tree(n);
    base::parallel_for(n, 4, [&](std::int64_t i) {
      tree.add(i, lease_of(pool, terms[static_cast<std::size_t>(i)]));
    });
    EXPECT_EQ(sum_of(tree), expected) << n;
  }
}

}  // namespace
}  // namespace ebm::nets
