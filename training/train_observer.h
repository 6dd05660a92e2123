#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ebm::training {

/// One number of an iteration under the name that it has everywhere: in metrics.csv, in TensorBoard
/// and in the page of a run. Nothing where it was not taken.
struct Figure {
  const char* name;
  std::variant<std::monostate, std::int64_t, double> value;
};

/// A figure that may be missing.
Figure figure_if(const char* name, const std::optional<double>& value);

/// The figures of one iteration.
struct TrainStats {
  std::int64_t iteration = 0;   ///< iterations made
  std::vector<Figure> figures;  ///< run_figures() (training/learner.h)

  /// The value of a real figure; NaN for one that was not taken.
  /// @throws Error(kInternal) if there is none of that name.
  double value(std::string_view name) const;
};

/// Samples for a picture.
struct ShownSamples {
  std::string from;             ///< where they come from: noise, buffer, generator
  std::span<const float> rows;  ///< [n, dim]
  /// Of the lines of the picture, each of n / (their number) samples; none: as many columns as make
  /// it a square.
  std::vector<std::string> line_names = {};
};

/// Receives the events of a training run, for progress bars, tables and pictures.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;
  /// Training goes on from `iteration`; what was reported of later ones is void.
  virtual void on_start(std::int64_t iteration) = 0;
  virtual void on_iteration(const TrainStats& stats) = 0;
  /// Every log_every iterations.
  virtual void on_log(const TrainStats& stats) = 0;
  /// Beside on_log: E(x⁺) of the batch of data and E(x⁻) of the samples, in no order.
  virtual void on_energies(std::int64_t iteration, std::span<const float> of_data,
                           std::span<const float> of_samples) = 0;
  /// Every sample_every iterations.
  virtual void on_samples(std::int64_t iteration, const ShownSamples& samples) = 0;
  /// Before a checkpoint is written: what was received until now has to last as long as that.
  virtual void on_checkpoint() {}
  /// After one was written.
  virtual void on_saved(std::int64_t /*iteration*/) {}
  /// One line on what went wrong: a roll-back, a damaged checkpoint.
  virtual void on_warning(const std::string& line) = 0;
  /// One line on what went as it should: a checkpoint that was asked for.
  virtual void on_message(const std::string& /*line*/) {}
};

}  // namespace ebm::training
