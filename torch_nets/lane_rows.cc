#include "torch_nets/lane_rows.h"

#include "samplers/chain_block.h"

namespace ebm::torch_nets {
using samplers::kLanes;

void lanes_to_rows(const float* lanes, std::int64_t n_blocks, std::int64_t dim, float* rows) {
  for (std::int64_t block = 0; block < n_blocks; ++block) {
    for (std::int64_t d = 0; d < dim; ++d) {
      const float* from = lanes + (block * dim + d) * kLanes;
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        rows[(block * kLanes + lane) * dim + d] = from[lane];
      }
    }
  }
}

void rows_to_lanes(const float* rows, std::int64_t n_blocks, std::int64_t dim, float* lanes) {
  for (std::int64_t block = 0; block < n_blocks; ++block) {
    for (std::int64_t d = 0; d < dim; ++d) {
      float* to = lanes + (block * dim + d) * kLanes;
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        to[lane] = rows[(block * kLanes + lane) * dim + d];
      }
    }
  }
}

}  // namespace ebm::torch_nets
