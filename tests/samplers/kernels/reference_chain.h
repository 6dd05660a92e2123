#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "samplers/kernel.h"
#include "samplers/simd/normals.h"

namespace ebm::samplers {

/// The normals that chain `id` draws in step `step`, and its uniform, from the definitions of
/// samplers/simd/normals.h and samplers/kernel.h.
inline std::vector<double> normals_of_step(const base::RandomKey& key, std::uint64_t id,
                                           std::uint64_t step, std::int64_t dim) {
  std::uint64_t ids[kLanes];
  for (std::uint64_t& lane : ids) lane = id;
  const std::uint64_t first = step * static_cast<std::uint64_t>(dim);
  const std::int64_t n_calls = dim / 4 + 2;
  base::AlignedVector<float> z(static_cast<std::size_t>(n_calls * 4 * kLanes));
  fill_block_normals(key.philox_key(), ids, first / 4, n_calls, z.data());
  std::vector<double> normals;
  for (std::int64_t d = 0; d < dim; ++d) {
    normals.push_back(z[(first % 4 + static_cast<std::size_t>(d)) * kLanes]);
  }
  return normals;
}

inline double uniform_of_step(const base::RandomKey& key, std::uint64_t id, std::uint64_t step) {
  const std::uint64_t call = step / 4;
  const auto words =
      base::philox({static_cast<std::uint32_t>(call), static_cast<std::uint32_t>(call >> 32),
                    static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32)},
                   base::subkey(key.philox_key(), kUniforms));
  return (static_cast<double>(words[step % 4] >> 9) + 0.5) * 0x1p-23;
}

}  // namespace ebm::samplers
