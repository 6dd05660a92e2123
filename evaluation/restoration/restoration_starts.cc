#include "evaluation/restoration/restoration_starts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"
#include "evaluation/restoration/restore.h"
#include "samplers/chain_block.h"
#include "samplers/initial_states.h"

namespace ebm::evaluation {
namespace {

using Rows = std::vector<float>;

/// Moves states to A x = y by x += Aᵀ(y − A x)/‖A‖²: the nearest such state, as far as 50 steps
/// go; one does where the rows of A are orthogonal.
void move_to_observation(const samplers::LinearOperator& a, samplers::ChainStore& chains,
                         int n_threads) {
  constexpr int kSteps = 50;
  struct Scratch {
    explicit Scratch(const samplers::LinearOperator& of)
        : seen(static_cast<std::size_t>(of.output_dim() * samplers::kLanes)),
          slope(static_cast<std::size_t>(of.dim() * samplers::kLanes)),
          own(static_cast<std::size_t>(of.scratch_size())) {}
    base::AlignedVector<float> seen, slope, own;
  };
  const auto step = static_cast<float>(1.0 / samplers::squared_norm(a));
  base::parallel_for(
      chains.n_blocks(), n_threads, [&] { return std::make_unique<Scratch>(a); },
      [&](std::int64_t block, Scratch& scratch) {
        const samplers::ChainBlocks lanes = chains.blocks(block, 1);
        for (int i = 0; i < kSteps; ++i) {
          a.apply(lanes.x.data(), scratch.seen.data(), scratch.own.data());
          for (std::size_t k = 0; k < scratch.seen.size(); ++k) {
            scratch.seen[k] = lanes.context[k] - scratch.seen[k];
          }
          a.adjoint(scratch.seen.data(), scratch.slope.data(), scratch.own.data());
          for (std::size_t k = 0; k < lanes.x.size(); ++k) {
            lanes.x[k] += step * scratch.slope[k];
          }
        }
      });
}

/// Every row `times` times, one after the other.
Rows repeat(const Rows& rows, std::int64_t width, std::int64_t times) {
  Rows all;
  for (auto row = rows.begin(); row != rows.end(); row += width) {
    for (std::int64_t i = 0; i < times; ++i) all.insert(all.end(), row, row + width);
  }
  return all;
}

/// Chain by chain, as `ebm sample` draws them.
Rows noise_starts(std::int64_t n_chains, const RestorationStartOptions& options) {
  Rows rows(static_cast<std::size_t>(n_chains * options.shape.size()));
  samplers::draw_initial_states({.seed = options.seed, .domain = base::Domain::kSampleInit}, 0,
                                options.shape.size(), options.box, rows, options.noise_sd);
  return rows;
}

Rows rows_of_start(const ObservationOperator& observed, const Rows& y, const Baselines& baselines,
                   const RestorationStartOptions& options) {
  const std::int64_t m = observed.a->output_dim(), dim = options.shape.size();
  const std::int64_t n_chains = static_cast<std::int64_t>(y.size()) / m * options.n;
  switch (options.kind) {
    case RestorationStart::kNoise:
      return noise_starts(n_chains, options);
    case RestorationStart::kObservation: {
      Rows rows = noise_starts(n_chains, options);
      samplers::ChainStore chains(n_chains, dim, m);
      chains.load_rows(rows);
      chains.load_context(repeat(y, m, options.n));
      move_to_observation(*observed.a, chains, options.n_threads);
      chains.store_rows(rows);
      return rows;
    }
    case RestorationStart::kNearest:
      return baselines.nearest;
    case RestorationStart::kTotalVariation:
      return repeat(baselines.total_variation, dim, options.n);
  }
  throw Error(ErrorCode::kInternal, "a kind of start is missing from restoration_starts()");
}

}  // namespace

bool takes_training_images(RestorationStart start) {
  return start == RestorationStart::kNearest || start == RestorationStart::kTotalVariation;
}

std::optional<BaselineKind> baselines_to_make(RestorationStart start, bool are_wanted) {
  if (are_wanted) return BaselineKind::kAll;
  if (start == RestorationStart::kNearest) return BaselineKind::kNearest;
  if (start == RestorationStart::kTotalVariation) return BaselineKind::kTotalVariation;
  return std::nullopt;
}

std::vector<float> restoration_starts(const ObservationOperator& observed,
                                      const std::vector<float>& y, const Baselines& baselines,
                                      const RestorationStartOptions& options) {
  Rows rows = rows_of_start(observed, y, baselines, options);
  if (options.box) {
    for (float& value : rows) value = std::clamp(value, options.box->low, options.box->high);
  }
  return rows;
}

Reconstruction mean_of_starts(const ObservationOperator& observed, const std::vector<float>& y,
                              const std::vector<float>& starts, std::int64_t n, double noise_sd) {
  std::vector<float> mean = mean_of_samples(starts, n, observed.a->dim());
  if (noise_sd == 0.0) keep_observed(observed, y, mean);
  return {"mean of starts", std::move(mean)};
}

}  // namespace ebm::evaluation
