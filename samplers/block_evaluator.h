#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "samplers/energy.h"

namespace ebm::samplers {

/// An Evaluator that calls f(x, energy, energy_grad) for one block after the other: x [dim,
/// kLanes], energy [kLanes], energy_grad [dim, kLanes], all 64-byte aligned. Scratch is what f
/// holds.
template <class F>
class BlockEvaluator : public Evaluator {
 public:
  BlockEvaluator(std::int64_t dim, F f) : dim_(dim), f_(std::move(f)) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      f_(chains.x.data() + block * dim_ * kLanes, energy.data() + block * kLanes,
         energy_grad.data() + block * dim_ * kLanes);
    }
  }

 private:
  std::int64_t dim_;
  F f_;
};

template <class F>
std::unique_ptr<Evaluator> make_block_evaluator(std::int64_t dim, F f) {
  return std::make_unique<BlockEvaluator<F>>(dim, std::move(f));
}

/// A BlockEvaluator that makes Langevin walks too: walk(LangevinWalk) as Evaluator::walk_langevin.
template <class F, class Walk>
class WalkingEvaluator : public BlockEvaluator<F> {
 public:
  WalkingEvaluator(std::int64_t dim, F f, Walk walk)
      : BlockEvaluator<F>(dim, std::move(f)), walk_(std::move(walk)) {}
  bool can_walk_langevin() const override { return true; }
  bool walk_langevin(const LangevinWalk& walk) override { return walk_(walk); }

 private:
  Walk walk_;
};

template <class F, class Walk>
std::unique_ptr<Evaluator> make_walking_evaluator(std::int64_t dim, F f, Walk walk) {
  return std::make_unique<WalkingEvaluator<F, Walk>>(dim, std::move(f), std::move(walk));
}

}  // namespace ebm::samplers
