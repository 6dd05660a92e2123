#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "samplers/ais/base_density.h"
#include "samplers/energy.h"

namespace ebm::samplers {

/// E_β = (1 − β)·E_base + β·E_target/T: the geometric path between two densities. The kernel
/// applies the walls of a base with a box.
struct PathPoint {
  BaseDensity base = {};
  float temperature = 1.0f;  ///< T, of the target
  double beta = 1.0;         ///< in [0, 1]
};

/// One thread's evaluator of a path, which can be set to another β.
class PathEvaluator : public Evaluator {
 public:
  PathEvaluator(std::unique_ptr<Evaluator> target, const PathPoint& point)
      : target_(std::move(target)), point_(point) {}
  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override;
  void set_beta(double beta) { point_.beta = beta; }

 private:
  std::unique_ptr<Evaluator> target_;
  PathPoint point_;
};

/// E_β at one β as an energy. `target` has to outlive it.
class AnnealingPath : public Energy {
 public:
  AnnealingPath(const Energy& target, const PathPoint& point) : target_(target), point_(point) {}
  std::int64_t dim() const override { return target_.dim(); }
  std::int64_t preferred_blocks() const override { return target_.preferred_blocks(); }
  /// A PathEvaluator.
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  const Energy& target_;
  PathPoint point_;
};

/// A step of β along the path.
struct BetaStep {
  double cached;  ///< above 0: β of the energies and gradients that the chains hold
  double from;
  double to;
};

/// log_w += −(to − from)·(E_target/T − E_base)(x), and the energies and gradients that the chains
/// hold become those of `to` (unless that is 0, where they no longer determine the target). The
/// target's part follows from what they hold, E_target/T = (E_β − (1 − β)·E_base)/β, so that
/// nothing is evaluated; its rounding error grows as (to − from)/cached, which no schedule makes
/// large.
/// @param chains  evaluated at β = cached
/// @param log_w   [n_blocks, kLanes], nats
void step_along(const BaseDensity& base, const BetaStep& step, const ChainBlocks& chains,
                std::span<double> log_w);

}  // namespace ebm::samplers
