#pragma once

#include <memory>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "ebm/train_observer.h"
#include "report/metrics_csv.h"
#include "report/progress.h"
#include "report/tensorboard_writer.h"
#include "training/run_folder.h"

namespace ebm::app {

struct TrainDisplayOptions {
  std::int64_t iterations = 0;
  double minutes = 0.0;        ///< that may end it earlier; 0: none
  bool shows_quality = false;  ///< columns fd and fd_buffer
};

/// Shows a training run: a bar on stderr, rows in metrics.csv, pictures in samples/, and all of
/// that and histograms of energies in a TensorBoard event file.
class TrainDisplay : public TrainObserver {
 public:
  TrainDisplay(const training::RunFolder& folder, const data::Dataset& dataset,
               const TrainDisplayOptions& options);

  void on_start(std::int64_t iteration) override;
  void on_iteration(const TrainStats& stats) override;
  void on_log(const TrainStats& stats) override;
  void on_energies(std::int64_t iteration, std::span<const float> of_data,
                   std::span<const float> of_samples) override;
  void on_samples(std::int64_t iteration, std::span<const float> from_noise,
                  std::span<const float> from_buffer) override;
  void on_warning(const std::string& line) override;

  /// The newest picture from noise, empty if there is none.
  const std::string& last_picture() const { return last_picture_; }
  /// Of samples from noise; nothing if none were judged.
  const std::optional<double>& newest_fd() const { return newest_fd_; }

 private:
  /// A picture in samples/ and among the events. Returns its path.
  std::string show_picture(const char* from, std::int64_t iteration, std::span<const float> rows);

  const training::RunFolder& folder_;
  data::ItemShape shape_;
  bool is_image_;
  TrainDisplayOptions options_;
  double first_seconds_ = -1.0;  // of training in earlier sittings
  report::Progress progress_;
  std::optional<report::MetricsCsv> csv_;
  report::TensorboardWriter events_;
  std::string last_picture_;
  std::optional<double> newest_fd_;
};

}  // namespace ebm::app
