#include "data/batch_source.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "samplers/chain_block.h"
#include "samplers/simd/normals.h"

namespace ebm::data {
namespace {

[[noreturn]] void fail_shape(const std::string& what, std::int64_t expected, std::size_t found) {
  throw Error(ErrorCode::kShape, "batch source: " + what + " holds " + std::to_string(found) +
                                     ", expected " + std::to_string(expected));
}

void require_size(const std::string& what, std::int64_t expected, std::size_t found) {
  if (expected < 0 || found != static_cast<std::size_t>(expected)) {
    fail_shape(what, expected, found);
  }
}

}  // namespace

void BatchOptions::validate() const {
  if (batch_size < 1) {
    throw Error(ErrorCode::kUsage,
                "batch_size=" + std::to_string(batch_size) + ", expected at least 1");
  }
  if (!std::isfinite(noise_sd) || noise_sd < 0) {
    throw Error(ErrorCode::kUsage, "noise_sd=" + std::to_string(noise_sd) +
                                       ", expected a finite number that is not negative");
  }
}

BatchSource::BatchSource(const Dataset& dataset, const BatchOptions& options)
    : dataset_(&dataset), options_(options) {
  options_.validate();
  if (dataset.n < 1 || dim() < 1) {
    throw Error(ErrorCode::kShape, "batch source: data set '" + dataset.name + "' of " +
                                       std::to_string(dataset.n) + " items of " +
                                       std::to_string(dim()) + " values, expected at least 1");
  }
  std::visit([&](const auto& v) { require_size("the data set", dataset.n * dim(), v.size()); },
             dataset.values);
  if (!dataset.labels.empty()) require_size("its labels", dataset.n, dataset.labels.size());
}

const BatchSource::Permutation& BatchSource::permutation(std::int64_t epoch) {
  Permutation& cached = cache_[static_cast<std::size_t>(epoch % 2)];
  if (cached.epoch == epoch) return cached;
  cached.items.resize(static_cast<std::size_t>(dataset_->n));
  std::iota(cached.items.begin(), cached.items.end(), std::int64_t{0});
  base::RandomStream stream({.seed = options_.seed, .domain = base::Domain::kShuffle},
                            static_cast<std::uint64_t>(epoch));
  for (std::size_t i = cached.items.size() - 1; i > 0; --i) {
    std::swap(cached.items[i], cached.items[stream.next_below(i + 1)]);
  }
  cached.epoch = epoch;
  return cached;
}

void BatchSource::fill(std::int64_t iteration, std::span<float> out,
                       std::span<std::int32_t> labels) {
  const std::int64_t n_batch = options_.batch_size, n = dataset_->n;
  if (iteration < 0 || iteration > std::numeric_limits<std::int64_t>::max() / n_batch - 1) {
    throw Error(ErrorCode::kUsage, "batch source: iteration " + std::to_string(iteration) +
                                       ", expected a number from 0 on");
  }
  require_size("out", n_batch * dim(), out.size());
  if (!labels.empty()) {
    require_size("labels", n_batch, labels.size());
    if (dataset_->labels.empty()) {
      throw Error(ErrorCode::kUsage,
                  "batch source: labels wanted, but data set '" + dataset_->name + "' has none");
    }
  }
  for (std::int64_t b = 0; b < n_batch; ++b) {
    const std::int64_t position = iteration * n_batch + b;
    const auto in_epoch = static_cast<std::size_t>(position % n);
    const std::int64_t item = permutation(position / n).items[in_epoch];
    const auto row =
        out.subspan(static_cast<std::size_t>(b * dim()), static_cast<std::size_t>(dim()));
    if (dataset_->is_bytes() && options_.dequantize) {
      dequantize_item(item, position, row);
    } else {
      copy_item(item, row);
    }
    if (!labels.empty()) {
      labels[static_cast<std::size_t>(b)] = dataset_->labels[static_cast<std::size_t>(item)];
    }
  }
  if (options_.noise_sd > 0) add_noise(iteration * n_batch, out);
}

void BatchSource::require_items(std::int64_t first, std::int64_t n, std::size_t size) const {
  if (first < 0 || n < 0 || first > dataset_->n - n) {
    throw Error(ErrorCode::kShape, "batch source: items " + std::to_string(first) + " to " +
                                       std::to_string(first + n - 1) + ", expected within 0 to " +
                                       std::to_string(dataset_->n - 1));
  }
  require_size("out", n * dim(), size);
}

void BatchSource::fill_range(std::int64_t first, std::int64_t n, std::span<float> out) const {
  require_items(first, n, out.size());
  for (std::int64_t i = 0; i < n; ++i) {
    copy_item(first + i,
              out.subspan(static_cast<std::size_t>(i * dim()), static_cast<std::size_t>(dim())));
  }
}

void BatchSource::fill_range_dequantized(std::int64_t first, std::int64_t n,
                                         std::span<float> out) const {
  if (!dataset_->is_bytes()) return fill_range(first, n, out);
  require_items(first, n, out.size());
  for (std::int64_t i = first; i < first + n; ++i) {
    dequantize_item(i, i,
                    out.subspan(static_cast<std::size_t>((i - first) * dim()),
                                static_cast<std::size_t>(dim())));
  }
}

void BatchSource::copy_item(std::int64_t item, std::span<float> out) const {
  const auto begin = static_cast<std::size_t>(item * dim());
  if (const auto* floats = std::get_if<std::vector<float>>(&dataset_->values)) {
    std::copy_n(floats->data() + begin, out.size(), out.data());
    return;
  }
  const std::uint8_t* bytes = std::get<std::vector<std::uint8_t>>(dataset_->values).data() + begin;
  for (std::size_t j = 0; j < out.size(); ++j) {
    out[j] = static_cast<float>(bytes[j]) / 127.5f - 1.0f;
  }
}

void BatchSource::dequantize_item(std::int64_t item, std::int64_t position,
                                  std::span<float> out) const {
  const std::uint8_t* bytes = std::get<std::vector<std::uint8_t>>(dataset_->values).data() +
                              static_cast<std::size_t>(item * dim());
  base::RandomStream stream({.seed = options_.seed,
                             .domain = base::Domain::kDequantize,
                             .generation = options_.generation},
                            static_cast<std::uint64_t>(position));
  std::uint32_t word = 0;
  for (std::size_t j = 0; j < out.size(); ++j) {
    word = j % 2 == 0 ? stream.next_word() : word >> 16;
    const std::uint32_t fixed_point = std::uint32_t{bytes[j]} << 16 | (word & 0xffffu);
    out[j] = static_cast<float>(fixed_point) * 0x1p-23f - 1.0f;
  }
}

void BatchSource::add_noise(std::int64_t first_position, std::span<float> out) const {
  using samplers::kLanes;
  constexpr std::int64_t kCalls = 16, kNormals = 4 * kCalls;  // of one item in a piece
  alignas(64) std::array<float, kNormals * kLanes> normals;
  std::array<std::uint64_t, kLanes> positions;
  const base::PhiloxKey key = base::RandomKey{.seed = options_.seed,
                                              .domain = base::Domain::kDataNoise,
                                              .generation = options_.generation}
                                  .philox_key();
  for (std::int64_t first = 0; first < options_.batch_size; first += kLanes) {
    std::iota(positions.begin(), positions.end(),
              static_cast<std::uint64_t>(first_position + first));
    const std::int64_t n_rows = std::min(kLanes, options_.batch_size - first);
    for (std::int64_t begin = 0; begin < dim(); begin += kNormals) {
      const std::int64_t n = std::min(kNormals, dim() - begin);
      samplers::fill_block_normals(key, positions.data(), static_cast<std::uint64_t>(begin / 4),
                                   (n + 3) / 4, normals.data());
      for (std::int64_t row = 0; row < n_rows; ++row) {
        float* values = out.data() + (first + row) * dim() + begin;
        const float* column = normals.data() + row;
        for (std::int64_t j = 0; j < n; ++j) values[j] += options_.noise_sd * column[j * kLanes];
      }
    }
  }
}

std::vector<float> dequantized_rows(const Dataset& dataset, std::int64_t n, std::uint64_t seed) {
  std::vector<float> rows(static_cast<std::size_t>(n * dataset.shape.size()));
  BatchSource(dataset, {.batch_size = 1, .seed = seed}).fill_range_dequantized(0, n, rows);
  return rows;
}

}  // namespace ebm::data
