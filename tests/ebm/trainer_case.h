#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "ebm/trainer.h"
#include "training/training_loop.h"

namespace ebm {

/// 90 images of 1x8x8: bright squares at one of four places.
inline data::Dataset squares() {
  data::Dataset dataset;
  dataset.name = "squares";
  dataset.n = 90;
  dataset.shape = {1, 8, 8};
  std::vector<std::uint8_t> pixels(90 * 64, 10);
  for (std::size_t i = 0; i < 90; ++i) {
    for (std::size_t p = 0; p < 9; ++p) {
      pixels[i * 64 + (i % 2 * 4 + p / 3) * 8 + i / 2 % 2 * 4 + p % 3] = 240;
    }
  }
  dataset.values = std::move(pixels);
  return dataset;
}

/// Gives the squares their place as their class.
inline void label_by_place(data::Dataset& squares) {
  squares.class_names = {"top left", "top right", "left", "right"};
  for (std::int64_t i = 0; i < squares.n; ++i) {
    squares.labels.push_back(static_cast<std::int32_t>(i % 2 * 2 + i / 2 % 2));
  }
}

/// Records what a trainer reports.
struct Recorder : training::TrainObserver {
  std::map<std::int64_t, std::vector<double>> rows;
  std::map<std::int64_t, std::vector<double>> qualities;  ///< fd and fd_buffer, −1 for none
  std::map<std::int64_t, std::vector<float>> samples;
  std::vector<std::string> line_names;  ///< of the newest picture from noise
  std::vector<std::string> warnings;
  std::atomic<int> stop{0};
  std::int64_t stop_at = -1;
  std::int64_t n_energies = 0;
  bool has_quality = false;

  void on_start(std::int64_t iteration) override {
    rows.erase(rows.upper_bound(iteration), rows.end());
    qualities.erase(qualities.upper_bound(iteration), qualities.end());
    samples.erase(samples.upper_bound(iteration), samples.end());
  }
  void on_iteration(const training::TrainStats& s) override {
    if (s.iteration == stop_at) stop = 2;
  }
  void on_log(const training::TrainStats& s) override {
    auto& row = rows[s.iteration];
    row.clear();
    for (const char* name : {"energy_data", "energy_samples", "loss", "grad_norm", "learning_rate",
                             "buffer_age", "saturation", "rollbacks"}) {
      row.push_back(s.value(name));
    }
    qualities[s.iteration].clear();
    for (const char* name : {"fd", "fd_buffer"}) {
      const double value = has_quality ? s.value(name) : -1.0;
      qualities[s.iteration].push_back(std::isnan(value) ? -1.0 : value);
    }
  }
  void on_energies(std::int64_t iteration, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    // The rows of the same iteration hold their means.
    for (const auto& [energies, column] : {std::pair(of_data, 0), std::pair(of_samples, 1)}) {
      double sum = 0.0;
      for (const float e : energies) sum += e;
      EXPECT_NEAR(sum / static_cast<double>(energies.size()),
                  rows.at(iteration)[static_cast<std::size_t>(column)], 1e-5);
    }
    ++n_energies;
  }
  void on_samples(std::int64_t iteration, const training::ShownSamples& shown) override {
    auto& both = samples[iteration];
    if (shown.from == "noise") both.clear();
    both.insert(both.end(), shown.rows.begin(), shown.rows.end());
    if (shown.from == "noise") line_names = shown.line_names;
  }
  void on_warning(const std::string& line) override { warnings.push_back(line); }
};

/// Trains runs of some iterations in a folder of its own.
class TrainerCase : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(root_);
    options_.iterations = 12;
    options_.batch_size = 40;
    options_.steps = 3;
    options_.buffer_capacity = 100;
    options_.log_every = 1;
    options_.sample_every = 4;
    options_.sample_steps = 3;
    options_.checkpoint_every = 4;
    options_.threads = 2;
    options_.seed = 7;
    options_.resolve(true, options_.table());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  /// Trains in root/name, resuming if asked; the bytes of the model.
  std::string train(const std::string& name, Recorder& recorder, bool resume = false) {
    const training::RunFolder folder(root_ / name);
    Trainer trainer(options_, architecture_, dataset_,
                    {.quality = evaluation::reference_to(quality_),
                     .noise = noise_,
                     .base = base_,
                     .torch = make_torch_ ? make_torch_(options_) : nullptr});
    recorder.has_quality = quality_.has_value();
    training::TrainingLoop loop(options_.loop(), folder, recorder, trainer);
    if (resume) loop.resume();
    recorder.stop = 0;
    end_ = loop.run(recorder.stop);
    return base::read_file(folder.model());
  }

  /// Sets options by which a run of 30 iterations diverges some after the 20th and rolls back to
  /// the checkpoint of the 16th: the share of values at the wall rises while fresh chains settle,
  /// and the bound is what a run without one has at iteration 20.
  /// @param free  notes of that run
  void bound_saturation(Recorder& free) {
    options_.iterations = 30;
    options_.checkpoint_every = 8;
    train("free", free);
    options_.guard_saturation = free.rows.at(20)[6];
    options_.guard_patience = 3;
  }

  nets::Architecture small_net() {
    return {.name = "small",
            .input = {1, 8, 8},
            .layers = {nets::Conv2d{.out_channels = 6,
                                    .kernel_height = 3,
                                    .kernel_width = 3,
                                    .stride = 2,
                                    .padding = {1, 1, 1, 1},
                                    .spectral_norm = true},
                       nets::Activation{}, nets::Flatten{}, nets::Linear{.out_features = 1}}};
  }

  std::filesystem::path root_;
  TrainOptions options_;
  data::Dataset dataset_ = squares();
  nets::Architecture architecture_ = small_net();
  std::optional<evaluation::LiveQuality> quality_;
  NoiseReference noise_;
  std::optional<training::BaseMeasure> base_;
  NetBackend (*make_torch_)(const TrainOptions&) = nullptr;  ///< for backend = torch
  training::TrainingLoop::End end_{};
};

}  // namespace ebm
