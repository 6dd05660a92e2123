#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace ebm::evaluation {

/// Pictures of a few chains as they run: a chain a row, a step a column.
class FilmStrip {
 public:
  static constexpr std::int64_t kMaxChains = 8;

  /// Steps to take pictures at: 0, and up to nine from 1 to `last` that grow by one ratio; only 0
  /// for last = 0.
  static std::set<std::int64_t> stops_until(std::int64_t last);

  /// Takes the first chains of n, at most kMaxChains.
  FilmStrip(const data::ItemShape& shape, std::int64_t n);

  /// Adds a column.
  /// @param rows  [n, dim]
  void add(std::int64_t step, std::span<const float> rows);

  /// The steps of the columns.
  const std::vector<std::int64_t>& steps() const { return steps_; }
  std::int64_t n_chains() const { return n_chains_; }
  const data::ItemShape& shape() const { return shape_; }

  /// The pictures [n_chains, steps().size(), dim], row by row.
  std::vector<float> pictures() const;

 private:
  data::ItemShape shape_;
  std::int64_t n_chains_;
  std::vector<std::int64_t> steps_;
  std::vector<float> columns_;  ///< [n_steps, n_chains, dim]
};

}  // namespace ebm::evaluation
