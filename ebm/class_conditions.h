#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace ebm {

/// The classes of a data set as conditions of an energy E(x, y): a label is one of 0, ..., K − 1,
/// and K means "none". Which labels become "none", and of which class a chain is, depends on the
/// seed, the generation and an address alone: not on threads, nor on where a run was cut.
class ClassConditions {
 public:
  /// @param dataset        outlives them
  /// @param label_dropout  rate at which a label is "none", in [0, 1)
  /// @throws Error(kUsage) for data without labels; Error(kBadData) for a negative label.
  ClassConditions(const data::Dataset& dataset, double label_dropout, std::uint64_t seed);

  /// K: one more than the largest label, or as many as have a name.
  std::int64_t classes() const { return static_cast<std::int64_t>(counts_.size()); }
  float none() const { return static_cast<float>(classes()); }
  bool has_none() const { return label_dropout_ > 0.0; }
  /// Items of each class [K].
  const std::vector<std::int64_t>& counts() const { return counts_; }
  /// "Shirt", or the number of a class without a name; "none".
  std::string name(std::int64_t label) const;
  /// Those of all classes [K]; empty if the data name none.
  std::vector<std::string> names() const;

  /// The conditions of a batch: its labels, each "none" at the rate label_dropout, by the stream of
  /// its position in training order in base::Domain::kLabelDrop.
  /// @param labels   [B]
  /// @param context  [B], written
  void drop_labels(std::span<const std::int32_t> labels, std::int64_t first_position,
                   std::uint32_t generation, std::span<float> context) const;
  /// The condition of a chain or draw: that of an item of the data drawn at random, "none" at the
  /// rate label_dropout, by a stream of base::Domain::kClassDraw.
  float draw(std::uint64_t stream, std::uint32_t generation) const;
  /// The same of the streams first_stream, ... @param context  [n], written
  void draw_all(std::uint64_t first_stream, std::uint32_t generation,
                std::span<float> context) const;
  /// Labels of n samples in the frequencies of the data, in order of class: sample i has that of
  /// item (i + ½)·N/n of the data ordered by label.
  std::vector<float> by_frequency(std::int64_t n) const;

 private:
  const data::Dataset& dataset_;
  double label_dropout_;
  std::uint64_t seed_;
  std::vector<std::int64_t> counts_;
};

}  // namespace ebm
