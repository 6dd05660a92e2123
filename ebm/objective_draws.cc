#include "ebm/objective_draws.h"

#include "base/random.h"
#include "ebm/train_options.h"
#include "samplers/simd/normal_rows.h"

namespace ebm {

void draw_for_objective(const Needs& needs, const TrainOptions& options,
                        const training::RunCounters& at, std::int64_t dim, Batch& batch) {
  const std::int64_t n = options.batch_size;
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const auto position = static_cast<std::uint64_t>(at.iteration * n);
  if (needs.normals > 0) {
    batch.normals.resize(static_cast<std::size_t>(n * needs.normals * dim));
    samplers::fill_normal_rows({seed, base::Domain::kObjectiveNormals, at.generation()},
                               position * static_cast<std::uint64_t>(needs.normals), dim,
                               batch.normals);
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
