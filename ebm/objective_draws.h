#pragma once

#include <cstdint>

#include "ebm/objectives/objective.h"
#include "training/run_counters.h"

namespace ebm {

struct TrainOptions;

/// Fills in Batch::normals and Batch::uniforms of the iteration that comes, as many as the
/// objective needs: the streams of each positive's position in training order, so that no number
/// depends on threads or on where a run was cut; after a roll-back others are drawn.
/// @param dim  of an item
void draw_for_objective(const Needs& needs, const TrainOptions& options,
                        const training::RunCounters& at, std::int64_t dim, Batch& batch);

}  // namespace ebm
