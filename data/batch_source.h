#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace ebm::data {

struct BatchOptions {
  std::int64_t batch_size = 128;
  std::uint64_t seed = 0;
  std::uint32_t generation = 0;  ///< roll-backs so far; changes the noise and not the order
  bool dequantize = true;        ///< spread grey levels over their bins
  float noise_sd = 0;            ///< of Gaussian noise on every value, in units of [−1, 1]

  /// @throws Error(kUsage) unless batch_size >= 1 and noise_sd is finite and >= 0.
  void validate() const;
};

/// Shuffled batches of a data set in [−1, 1], as a pure function of the iteration: no state but a
/// cache, so a run resumes anywhere and any rank can compute any batch.
///
/// Batch i holds the positions p = i·B, ..., i·B + B − 1 of one endless order. Position p belongs
/// to epoch p / n and is item π_epoch[p mod n]; π_epoch is a Fisher-Yates shuffle by RandomStream
/// (seed, Domain::kShuffle), stream epoch. So every item comes once per epoch, and a batch may
/// contain the end of one epoch and the start of the next.
///
/// Grey level v becomes 2·(v + u)/256 − 1 with `dequantize`, else v/127.5 − 1. u is uniform on
/// {0, ..., 2^16 − 1}/2^16, for value j the half j mod 2 (the low one first) of word j / 2 of
/// stream p of Domain::kDequantize; so the result is exact in float32 and lies within its bin.
/// float32 data are taken as they are, since they have no bins. Then noise_sd·ξ is added, ξ ~ N(0,
/// 1): value j gets normal j of samplers::fill_block_normals for stream p of Domain::kDataNoise. So
/// it comes from the words 2m, 2m + 1, m = ⌊j/2⌋, whose Box-Muller pair (cosine, sine) serves the
/// values 2m, 2m + 1, in float32, and its last bits depend on the SIMD target. Noise may take
/// values out of [−1, 1]: nothing is clamped.
///
/// One thread at a time may use a source. It refers to the data set, which has to outlive it.
class BatchSource {
 public:
  /// @throws Error(kUsage) as BatchOptions::validate; Error(kShape) if `dataset` is empty or its
  ///         values or labels do not number what n and shape say.
  BatchSource(const Dataset& dataset, const BatchOptions& options);

  std::int64_t dim() const { return dataset_->shape.size(); }
  std::int64_t batch_size() const { return options_.batch_size; }

  /// Batch `iteration`.
  /// @param out     [batch_size, dim]
  /// @param labels  [batch_size], or empty if not needed
  /// @throws Error(kShape) for spans of another size, Error(kUsage) for a negative iteration or for
  ///         labels of a set that has none.
  void fill(std::int64_t iteration, std::span<float> out, std::span<std::int32_t> labels);

  /// Items first, ..., first + n − 1 of the set in its own order, bytes as v/127.5 − 1, without
  /// noise: for scoring.
  /// @param out  [n, dim]
  /// @throws Error(kShape) for a span of another size or items beyond the set.
  void fill_range(std::int64_t first, std::int64_t n, std::span<float> out) const;
  /// The same with the grey levels of bytes spread over their bins, as at position i of the order
  /// for item i.
  void fill_range_dequantized(std::int64_t first, std::int64_t n, std::span<float> out) const;

 private:
  struct Permutation {
    std::int64_t epoch = -1;
    std::vector<std::int64_t> items;
  };
  const Permutation& permutation(std::int64_t epoch);
  void require_items(std::int64_t first, std::int64_t n, std::size_t size) const;
  void copy_item(std::int64_t item, std::span<float> out) const;
  void dequantize_item(std::int64_t item, std::int64_t position, std::span<float> out) const;
  void add_noise(std::int64_t first_position, std::span<float> out) const;

  const Dataset* dataset_;
  BatchOptions options_;
  std::array<Permutation, 2> cache_;  ///< the two epochs that a batch can touch, by epoch mod 2
};

/// The first n items, [n, dim], with grey levels spread over their bins: what a density is fitted
/// to.
std::vector<float> dequantized_rows(const Dataset& dataset, std::int64_t n, std::uint64_t seed);

}  // namespace ebm::data
