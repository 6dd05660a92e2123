#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
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

  /// Trains by another objective than cd, without the settings of chains.
  void train_by(ObjectiveKind objective) {
    const TrainOptions defaults;
    options_.objective = objective;
    options_.steps = defaults.steps;
    options_.buffer_capacity = defaults.buffer_capacity;
  }
  /// Makes chains start from noise in each iteration.
  void start_from_noise() {
    const TrainOptions defaults;
    options_.persistent = false;
    options_.buffer_capacity = defaults.buffer_capacity;
    options_.buffer_policy = defaults.buffer_policy;
  }

  /// Trains a run with several numbers of threads; nothing may differ from one with one thread.
  void expect_bits_of_threads(const std::string& name) {
    options_.threads = 1;
    Recorder reference;
    const std::string model = train(name, reference);
    ASSERT_EQ(static_cast<std::int64_t>(reference.rows.size()), options_.iterations);
    for (const std::int64_t threads : {2, 3, 7}) {
      options_.threads = threads;
      Recorder recorder;
      EXPECT_EQ(train(name + std::to_string(threads), recorder), model) << threads;
      EXPECT_EQ(recorder.rows, reference.rows);
      EXPECT_EQ(recorder.samples, reference.samples);
    }
    options_.threads = 2;
  }
  /// Trains a run whole, and cut after some iterations, from where it goes on with another number
  /// of threads: model, rows, pictures and the files of the last checkpoint have to be the same.
  /// @param whole  records the first of them
  void expect_bits_of_cuts(const std::string& name, Recorder& whole) {
    const std::string model = train(name, whole);
    ASSERT_EQ(static_cast<std::int64_t>(whole.rows.size()), options_.iterations);
    for (const std::int64_t stop_at : {1, 4, 7}) {
      const std::string cut = name + " cut at " + std::to_string(stop_at);
      SCOPED_TRACE(cut);
      Recorder recorder;
      recorder.stop_at = stop_at;
      train(cut, recorder);
      EXPECT_EQ(end_, training::TrainingLoop::End::kSignal);
      options_.threads = stop_at;
      EXPECT_EQ(train(cut, recorder, true), model);
      options_.threads = 2;
      EXPECT_EQ(end_, training::TrainingLoop::End::kIterations);
      EXPECT_EQ(recorder.rows, whole.rows);
      EXPECT_EQ(recorder.samples, whole.samples);
      // Every file but the clock's.
      const std::string last = "checkpoints/0000" + std::to_string(options_.iterations);
      for (const char* file :
           {"weights.safetensors", "optimizer.safetensors", "replay.safetensors"}) {
        const auto of_whole = root_ / name / last / file;
        if (!std::filesystem::exists(of_whole)) continue;
        EXPECT_EQ(base::read_file(root_ / cut / last / file), base::read_file(of_whole)) << file;
      }
    }
  }
  /// Trains a run that rolls back, whole and cut after some iterations: nothing may differ.
  /// @param whole  records the first of them
  void expect_bits_of_cut_roll_backs(std::initializer_list<std::int64_t> cuts, Recorder& whole) {
    Recorder free;
    bound_saturation(free);
    const std::string model = train("whole", whole);
    ASSERT_FALSE(whole.warnings.empty());
    for (const std::int64_t stop_at : cuts) {
      const std::string name = "cut" + std::to_string(stop_at);
      Recorder recorder;
      recorder.stop_at = stop_at;
      train(name, recorder);
      recorder.stop_at = -1;
      EXPECT_EQ(train(name, recorder, true), model) << name;
      EXPECT_EQ(recorder.warnings.size(), whole.warnings.size()) << name;
      EXPECT_EQ(recorder.rows, whole.rows) << name;
    }
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
