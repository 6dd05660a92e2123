#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/eval/film_strip.h"
#include "app/eval/report.h"
#include "app/target/open_target.h"
#include "evaluation/feature_comparison.h"
#include "evaluation/image_sets.h"
#include "evaluation/log_z_bounds.h"
#include "evaluation/long_run.h"

namespace ebm::app {

/// How far the chains of `ebm eval` go.
struct EvalWalkPlan {
  std::int64_t steps = 0;     ///< of samples
  std::int64_t long_run = 0;  ///< that those from noise go on to; 0: no further
  bool takes_film = false;
  std::uint64_t seed = 0;
  int n_threads = 1;
  evaluation::OnProgress on_progress = nullptr;
};

/// Result of walk_and_judge().
struct EvalWalks {
  std::vector<evaluation::EvaluatedSet>
      samples;                        ///< from noise, from data, from the buffer if there is one
  std::vector<float> noise_energies;  ///< E of the samples from noise
  std::optional<evaluation::LongRun> long_run;
  std::optional<FilmStrip> film;
  evaluation::ReverseStarts oldest;  ///< chains that have walked the farthest
};

/// Walks from noise, data and buffer by the target's recipe, and has the ends judged.
/// @throws what walks and judging throw
EvalWalks walk_and_judge(const Target& target, const evaluation::EvaluationImages& images,
                         const evaluation::FeatureComparison& judge, const EvalWalkPlan& plan);

}  // namespace ebm::app
