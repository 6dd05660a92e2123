#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "report/metrics_csv.h"
#include "report/progress.h"
#include "report/tensorboard/tensorboard_writer.h"
#include "training/bar_fields.h"
#include "training/run_folder.h"
#include "training/train_observer.h"

namespace ebm::training {

struct TrainDisplayOptions {
  std::int64_t iterations = 0;
  std::int64_t log_every = 1;   ///< iterations between rows
  double minutes = 0.0;         ///< that may end it earlier; 0: none
  double seconds_before = 0.0;  ///< of these, used before
  std::vector<Figure> columns;  ///< of metrics.csv, by name
  bool is_shown = true;         ///< on stderr
};

/// Shows a training run: a bar on stderr, if that is asked for, rows in metrics.csv, pictures in
/// samples/, and all of that and histograms of energies in a TensorBoard event file.
class TrainDisplay : public TrainObserver {
 public:
  TrainDisplay(const RunFolder& folder, const data::Dataset& dataset,
               const TrainDisplayOptions& options);

  void on_start(std::int64_t iteration) override;
  void on_iteration(const TrainStats& stats) override;
  void on_log(const TrainStats& stats) override;
  void on_energies(std::int64_t iteration, std::span<const float> of_data,
                   std::span<const float> of_samples) override;
  /// last_picture() is of the first kind received.
  void on_samples(std::int64_t iteration, const ShownSamples& samples) override;
  void on_checkpoint() override;
  void on_warning(const std::string& line) override;
  void on_message(const std::string& line) override;

  /// Ends the line of the progress bar, before something else is printed.
  void finish() { progress_.finish(); }

  /// The newest picture, empty if there is none.
  const std::string& last_picture() const { return last_picture_; }
  /// Nothing if no samples were evaluated.
  const std::optional<double>& newest_fd() const { return newest_fd_; }
  /// The lines of on_warning().
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::vector<report::ProgressField> fields_of(const TrainStats& stats) const;

  const RunFolder& folder_;
  data::ItemShape shape_;
  bool is_image_;
  TrainDisplayOptions options_;
  double first_seconds_ = -1.0;  // of training in earlier sessions
  report::Progress progress_;
  BarFields bar_fields_;
  std::optional<report::MetricsCsv> csv_;
  report::TensorboardWriter events_;
  std::string last_picture_, picture_kind_;
  std::optional<double> newest_fd_;
  std::vector<std::string> warnings_;
};

}  // namespace ebm::training
