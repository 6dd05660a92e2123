#include "ebm/objective_draws.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "ebm/train_options.h"
#include "samplers/simd/normals.h"

namespace ebm {
namespace {

/// Rows of N(0, I), row i from the stream first_stream + i.
void draw_normals(const base::RandomKey& random, std::uint64_t first_stream, std::int64_t dim,
                  std::span<float> rows) {
  constexpr std::int64_t kRows = samplers::kLanes;
  const std::int64_t n = std::ssize(rows) / dim, n_calls = (dim + 3) / 4;
  const base::PhiloxKey key = random.philox_key();
  base::AlignedVector<float> lanes(static_cast<std::size_t>(4 * n_calls * kRows));
  for (std::int64_t first = 0; first < n; first += kRows) {
    std::array<std::uint64_t, kRows> streams{};
    std::iota(streams.begin(), streams.end(), first_stream + static_cast<std::uint64_t>(first));
    samplers::fill_block_normals(key, streams.data(), 0, n_calls, lanes.data());
    for (std::int64_t row = first; row < std::min(n, first + kRows); ++row) {
      for (std::int64_t i = 0; i < dim; ++i) {
        rows[static_cast<std::size_t>(row * dim + i)] =
            lanes[static_cast<std::size_t>(i * kRows + row - first)];
      }
    }
  }
}

}  // namespace

void draw_for_objective(const Needs& needs, const TrainOptions& options,
                        const training::RunCounters& at, std::int64_t dim, Batch& batch) {
  const std::int64_t n = options.batch_size;
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const auto position = static_cast<std::uint64_t>(at.iteration * n);
  if (needs.normals > 0) {
    batch.normals.resize(static_cast<std::size_t>(n * needs.normals * dim));
    draw_normals({seed, base::Domain::kObjectiveNormals, at.generation()},
                 position * static_cast<std::uint64_t>(needs.normals), dim, batch.normals);
  }
  if (needs.uniforms > 0) {
    const auto each = static_cast<std::size_t>(needs.uniforms);
    batch.uniforms.resize(static_cast<std::size_t>(n) * each);
    for (std::size_t row = 0; row < static_cast<std::size_t>(n); ++row) {
      base::RandomStream stream({seed, base::Domain::kObjectiveUniforms, at.generation()},
                                position + row);
      for (std::size_t i = 0; i < each; ++i) {
        batch.uniforms[row * each + i] = stream.next_uniform();
      }
    }
  }
}

}  // namespace ebm
