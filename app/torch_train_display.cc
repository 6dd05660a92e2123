#include "app/torch_train_display.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <vector>

#include "app/pictures.h"

namespace ebm::app {
namespace {

std::string text(const char* format, double value) {
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

/// "samples/noise_000500.png"
std::string picture_name(const char* from, std::int64_t iteration) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%s_%06lld.png", from, static_cast<long long>(iteration));
  return buffer;
}

}  // namespace

TrainDisplay::TrainDisplay(const training::RunFolder& folder, const data::Dataset& dataset,
                           std::int64_t iterations, double minutes)
    : folder_(folder),
      shape_(dataset.shape),
      is_image_(dataset.is_image),
      iterations_(iterations),
      minutes_(minutes),
      progress_("train") {}

void TrainDisplay::on_start(std::int64_t iteration) {
  csv_.reset();  // closes the file before it is cut
  const std::vector<std::string> columns{
      "iteration", "energy_data",      "energy_samples",   "energy_gap", "loss",
      "grad_norm", "learning_rate",    "buffer_age",       "saturation", "rollbacks",
      "seconds",   "iterations_per_s", "chain_steps_per_s"};
  csv_.emplace(folder_.metrics(), columns, iteration);
  // Pictures of later iterations belong to a history that did not happen.
  for (const auto& entry : std::filesystem::directory_iterator(folder_.samples())) {
    const std::string stem = entry.path().stem().string();
    const auto digits = stem.find_last_of('_');
    if (digits == std::string::npos || entry.path().extension() != ".png") continue;
    const std::string number = stem.substr(digits + 1);
    if (number.empty() || number.size() > 18 ||
        number.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    if (std::stoll(number) > iteration) std::filesystem::remove(entry.path());
  }
}

void TrainDisplay::on_iteration(const TrainStats& stats) {
  const double per_iteration = 1.0 / stats.iterations_per_s;
  if (first_seconds_ < 0.0) first_seconds_ = stats.seconds - per_iteration;
  double done = static_cast<double>(stats.iteration) / static_cast<double>(iterations_);
  double left = static_cast<double>(iterations_ - stats.iteration) * per_iteration;
  if (minutes_ > 0.0) {
    const double used = stats.seconds - first_seconds_;
    done = std::max(done, used / (60.0 * minutes_));
    left = std::min(left, 60.0 * minutes_ - used);
  }
  if (!progress_.is_due() && stats.iteration < iterations_) return;
  const std::vector<report::ProgressField> fields{
      {"it", std::to_string(stats.iteration) + "/" + std::to_string(iterations_)},
      {"it/s", text("%.3g", stats.iterations_per_s)},
      {"chain-steps/s", text("%.0f", stats.chain_steps_per_s)},
      {"E+", text("%.3f", stats.energy_data)},
      {"E-", text("%.3f", stats.energy_samples)},
      {"gap", text("%+.3f", stats.energy_gap)},
      {"|g|", text("%.3g", stats.grad_norm)},
      {"lr", text("%.2e", stats.learning_rate)},
      {"age", text("%.0f", stats.buffer_age)}};
  progress_.update(std::min(done, 1.0), fields, std::max(left, 0.0));
}

void TrainDisplay::on_log(const TrainStats& stats) {
  const std::vector<report::CsvValue> row{
      stats.iteration,        stats.energy_data, stats.energy_samples,
      stats.energy_gap,       stats.loss,        stats.grad_norm,
      stats.learning_rate,    stats.buffer_age,  stats.saturation,
      stats.rollbacks,        stats.seconds,     stats.iterations_per_s,
      stats.chain_steps_per_s};
  csv_->append(row);
}

void TrainDisplay::on_samples(std::int64_t iteration, std::span<const float> from_noise,
                              std::span<const float> from_buffer) {
  if (!is_drawable(shape_, is_image_)) return;
  const auto noise = folder_.samples() / picture_name("noise", iteration);
  write_picture(noise, from_noise, shape_, is_image_);
  write_picture(folder_.samples() / picture_name("buffer", iteration), from_buffer, shape_,
                is_image_);
  last_picture_ = noise.string();
}

void TrainDisplay::on_warning(const std::string& line) { progress_.message("ebm: " + line); }

}  // namespace ebm::app
