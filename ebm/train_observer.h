#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ebm {

/// The figures of one iteration, under the names that they have everywhere.
struct TrainStats {
  std::int64_t iteration = 0;  ///< iterations made
  double energy_data = 0;      ///< mean E(x⁺)
  double energy_samples = 0;   ///< mean E(x⁻)
  double energy_gap = 0;       ///< energy_data − energy_samples
  double loss = 0;             ///< what is descended, the KL term included
  double grad_norm = 0;        ///< before clipping
  double learning_rate = 0;
  double buffer_age = 0;         ///< mean steps since the start of the buffer's chains
  double saturation = 0;         ///< share of sample values at the wall of the box
  std::int64_t rollbacks = 0;    ///< so far
  double seconds = 0;            ///< of training, over all sittings
  double iterations_per_s = 0;   ///< over the last iterations
  double chain_steps_per_s = 0;  ///< of training, without evaluations
  /// Fréchet distance from data of samples from noise, if they were judged at this iteration.
  std::optional<double> fd = std::nullopt;
  std::optional<double> fd_buffer = std::nullopt;  ///< the same of chains of the replay buffer
};

/// What a trainer tells of itself; the program makes bars, tables and pictures of it.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  /// Training goes on from `iteration`; what was told of later ones is void.
  virtual void on_start(std::int64_t iteration) = 0;
  virtual void on_iteration(const TrainStats& stats) = 0;
  /// Every log_every iterations.
  virtual void on_log(const TrainStats& stats) = 0;
  /// Beside on_log: E(x⁺) of the batch of data and E(x⁻) of the samples, in no order.
  virtual void on_energies(std::int64_t iteration, std::span<const float> of_data,
                           std::span<const float> of_samples) = 0;
  /// Every sample_every iterations. @param from_noise, from_buffer  rows [n, dim]
  virtual void on_samples(std::int64_t iteration, std::span<const float> from_noise,
                          std::span<const float> from_buffer) = 0;
  /// One line for a person: a roll-back, a damaged checkpoint.
  virtual void on_warning(const std::string& line) = 0;
};

}  // namespace ebm
