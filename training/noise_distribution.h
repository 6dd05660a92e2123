#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "nets/files/checkpoint_folder.h"

namespace ebm::training {

/// Noise that learns: in checkpoints, and in the run folder at the end.
inline constexpr const char* kNoiseFile = "noise.safetensors";

/// NCE noise distribution: can be sampled, has a tractable density. It may learn to be mistaken for
/// data (flow contrastive estimation); then it overrides what stands below can_learn().
class NoiseDistribution {
 public:
  virtual ~NoiseDistribution() = default;
  virtual std::int64_t dim() const = 0;
  /// Draws of the streams first, first + 1, ...; bits do not depend on the number of threads.
  /// @param rows  [n, dim], written
  virtual void draw(const base::RandomKey& key, std::uint64_t first,
                    std::span<float> rows) const = 0;
  /// ln p_n(x), in nats.
  /// @param rows    [n, dim]
  /// @param values  [n], written
  virtual void log_density(std::span<const float> rows, std::span<float> values) const = 0;

  virtual bool can_learn() const { return false; }
  /// One step of its optimiser up Σ_b c_b·ln p_n(x_b), with rows x [n, dim] and weights c [n].
  /// Random numbers are addressed by the iteration and a key as of draw().
  /// @return the norm of the gradient; if it is not finite, no step was made
  /// @throws Error(kInternal) if it cannot learn.
  virtual double ascend(std::span<const float> /*rows*/, std::span<const float> /*weights*/,
                        double /*learning_rate*/, std::int64_t /*iteration*/,
                        const base::RandomKey& /*key*/) {
    throw Error(ErrorCode::kInternal, "this noise distribution has nothing to learn");
  }
  /// Adds its state to those of a checkpoint: kNoiseFile is the model, noise_*.safetensors the
  /// rest.
  virtual void add_to(nets::CheckpointFiles& /*files*/) const {}
  /// @throws Error(kBadData) naming the file and what does not fit.
  virtual void restore(const nets::CheckpointFiles& /*files*/, const std::string& /*origin*/) {}
  /// The state before the first step.
  virtual void start_afresh() {}
};

}  // namespace ebm::training
