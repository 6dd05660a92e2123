#include "samplers/simd/normal_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "base/aligned_vector.h"
#include "samplers/simd/normals.h"

namespace ebm::samplers {

void fill_normal_rows(const base::RandomKey& random, std::uint64_t first_stream, std::int64_t dim,
                      std::span<float> rows) {
  const std::int64_t n = std::ssize(rows) / dim, n_calls = (dim + 3) / 4;
  const base::PhiloxKey key = random.philox_key();
  base::AlignedVector<float> lanes(static_cast<std::size_t>(4 * n_calls * kLanes));
  for (std::int64_t first = 0; first < n; first += kLanes) {
    std::array<std::uint64_t, kLanes> streams{};
    std::iota(streams.begin(), streams.end(), first_stream + static_cast<std::uint64_t>(first));
    fill_block_normals(key, streams.data(), 0, n_calls, lanes.data());
    for (std::int64_t row = first; row < std::min(n, first + kLanes); ++row) {
      for (std::int64_t i = 0; i < dim; ++i) {
        rows[static_cast<std::size_t>(row * dim + i)] =
            lanes[static_cast<std::size_t>(i * kLanes + row - first)];
      }
    }
  }
}

}  // namespace ebm::samplers
