#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/random.h"
#include "nets/files/checkpoint_folder.h"

namespace ebm {

/// What noise-contrastive training tells data from: draws whose density is known.
class NoiseDistribution {
 public:
  virtual ~NoiseDistribution() = default;
  virtual std::int64_t dim() const = 0;
  /// Draws of the streams first, first + 1, ...; bits depend on no number of threads.
  /// @param rows  [n, dim], written
  virtual void draw(const base::RandomKey& key, std::uint64_t first,
                    std::span<float> rows) const = 0;
  /// ln p_n(x), in nats.
  /// @param rows    [n, dim]
  /// @param values  [n], written
  virtual void log_density(std::span<const float> rows, std::span<float> values) const = 0;
};

/// Noise that learns to be mistaken for data (flow contrastive estimation).
class LearnedNoise : public NoiseDistribution {
 public:
  /// One step of its optimiser up Σ_b c_b·ln p_n(x_b).
  /// @param rows       [n, dim]
  /// @param weights    c [n]
  /// @param iteration  of the run, whose random numbers it takes
  /// @param key        as of draw()
  /// @return the norm of the gradient; if it is not finite, no step was made
  virtual double ascend(std::span<const float> rows, std::span<const float> weights,
                        double learning_rate, std::int64_t iteration,
                        const base::RandomKey& key) = 0;
  /// Adds its state to those of a checkpoint: noise.safetensors is the model, noise_*.safetensors
  /// what else goes on.
  virtual void add_to(nets::CheckpointFiles& files) const = 0;
  /// @throws Error(kBadData) naming the file and what does not fit.
  virtual void restore(const nets::CheckpointFiles& files, const std::string& origin) = 0;
  /// The state before the first step.
  virtual void start_afresh() = 0;
};

}  // namespace ebm
