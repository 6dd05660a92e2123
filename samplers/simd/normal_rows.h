#pragma once

#include <cstdint>
#include <span>

#include "base/random.h"

namespace ebm::samplers {

/// Fills rows [n, dim] with N(0, 1): row i takes the first normals of the stream first_stream + i,
/// as kernels draw them (fill_block_normals()), whatever rows lie beside it.
void fill_normal_rows(const base::RandomKey& random, std::uint64_t first_stream, std::int64_t dim,
                      std::span<float> rows);

}  // namespace ebm::samplers
