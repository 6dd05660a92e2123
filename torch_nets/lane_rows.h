#pragma once

#include <cstdint>

namespace ebm::torch_nets {

/// [n_blocks, dim, kLanes] to rows [n_blocks·kLanes, dim], which LibTorch takes.
void lanes_to_rows(const float* lanes, std::int64_t n_blocks, std::int64_t dim, float* rows);
/// And back.
void rows_to_lanes(const float* rows, std::int64_t n_blocks, std::int64_t dim, float* lanes);

}  // namespace ebm::torch_nets
