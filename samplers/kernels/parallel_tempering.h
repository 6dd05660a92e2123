#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "samplers/kernel.h"

namespace ebm::samplers {

struct ParallelTemperingOptions {
  /// Factors on the temperature of each replica, from 1 upwards; 2, 4, 8 or 16 of them.
  std::vector<float> ladder = {1.0f, 2.0f, 4.0f, 8.0f};
  float temperature = 1.0f;  ///< T that the inner kernel targets at factor 1

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Factors 1, ..., highest in geometric steps. @throws Error(kUsage) unless there are 2 to 16.
std::vector<float> geometric_ladder(std::int64_t n_replicas, float highest);

/// Replica exchange over another kernel: chains r, r + 1 of an ensemble of R = ladder.size() walk
/// at T·ladder[r] and after each step swap their states, the even pairs and the odd ones in turn,
/// with probability
///   min(1, exp((1/T_r − 1/T_{r+1})·(E_r − E_{r+1}))).
/// A momentum goes along, scaled by √(T_to/T_from). Chains i·R, i·R + 1, ... are one ensemble and
/// lie in the lanes of one block, so that no thread waits for another; chains i·R are draws of
/// the target, the others help. ChainInfo counts the swaps of a
/// chain with the next hotter one. Source: Geyer 1991; even and odd pairs in turn: Syed et al.
/// 2022.
class ParallelTempering : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  ParallelTempering(std::shared_ptr<const Kernel> inner, ParallelTemperingOptions options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  bool keeps_momentum() const override { return inner_->keeps_momentum(); }
  std::int64_t ensemble_size() const override {
    return static_cast<std::int64_t>(options_.ladder.size());
  }
  std::string divergence_hint() const override { return inner_->divergence_hint(); }

 private:
  std::shared_ptr<const Kernel> inner_;
  ParallelTemperingOptions options_;
};

}  // namespace ebm::samplers
