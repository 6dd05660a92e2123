#include "app/torch_train_display.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include "app/pictures.h"
#include "base/atomic_file.h"
#include "report/metrics_table.h"

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

/// A column of metrics.csv, which is a scalar of TensorBoard under the same name.
struct Figure {
  const char* name;
  report::CsvValue value;
};

std::vector<Figure> figures_of(const TrainStats& stats, bool with_quality) {
  const auto if_there = [](const std::optional<double>& value) {
    return value ? report::CsvValue(*value) : report::CsvValue();
  };
  std::vector<Figure> figures{{"iteration", stats.iteration},
                              {"energy_data", stats.energy_data},
                              {"energy_samples", stats.energy_samples},
                              {"energy_gap", stats.energy_gap},
                              {"loss", stats.loss},
                              {"grad_norm", stats.grad_norm},
                              {"learning_rate", stats.learning_rate},
                              {"buffer_age", stats.buffer_age},
                              {"saturation", stats.saturation},
                              {"rollbacks", stats.rollbacks},
                              {"seconds", stats.seconds},
                              {"iterations_per_s", stats.iterations_per_s},
                              {"chain_steps_per_s", stats.chain_steps_per_s}};
  if (with_quality) {
    figures.push_back({"fd", if_there(stats.fd)});
    figures.push_back({"fd_buffer", if_there(stats.fd_buffer)});
  }
  return figures;
}

/// The last fd of a metrics file, nothing if there is none.
std::optional<double> last_fd(const std::filesystem::path& path) {
  const auto metrics = report::read_metrics(base::read_file(path), path);
  std::optional<double> last;
  for (const double value : metrics.find("fd")->values) {
    if (!std::isnan(value)) last = value;
  }
  return last;
}

}  // namespace

TrainDisplay::TrainDisplay(const training::RunFolder& folder, const data::Dataset& dataset,
                           const TrainDisplayOptions& options)
    : folder_(folder),
      shape_(dataset.shape),
      is_image_(dataset.is_image),
      options_(options),
      progress_("train"),
      events_(folder.path()) {}

void TrainDisplay::on_start(std::int64_t iteration) {
  csv_.reset();  // closes the file before it is cut
  std::vector<std::string> columns;
  for (const auto& figure : figures_of({}, options_.shows_quality)) {
    columns.emplace_back(figure.name);
  }
  csv_.emplace(folder_.metrics(), columns, iteration);
  if (options_.shows_quality) newest_fd_ = last_fd(folder_.metrics());
  events_.start(iteration);
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
  if (stats.fd) newest_fd_ = stats.fd;
  double done = static_cast<double>(stats.iteration) / static_cast<double>(options_.iterations);
  double left = static_cast<double>(options_.iterations - stats.iteration) * per_iteration;
  if (options_.minutes > 0.0) {
    const double used = stats.seconds - first_seconds_;
    done = std::max(done, used / (60.0 * options_.minutes));
    left = std::min(left, 60.0 * options_.minutes - used);
  }
  if (!progress_.is_due() && stats.iteration < options_.iterations) return;
  std::vector<report::ProgressField> fields{
      {"it", std::to_string(stats.iteration) + "/" + std::to_string(options_.iterations)},
      {"it/s", text("%.3g", stats.iterations_per_s)},
      {"chain-steps/s", text("%.0f", stats.chain_steps_per_s)},
      {"E+", text("%.3f", stats.energy_data)},
      {"E-", text("%.3f", stats.energy_samples)},
      {"gap", text("%+.3f", stats.energy_gap)},
      {"|g|", text("%.3g", stats.grad_norm)},
      {"lr", text("%.2e", stats.learning_rate)},
      {"age", text("%.0f", stats.buffer_age)}};
  if (newest_fd_) fields.insert(fields.begin() + 1, {"FD", text("%.4g", *newest_fd_)});
  progress_.update(std::min(done, 1.0), fields, std::max(left, 0.0));
}

void TrainDisplay::on_log(const TrainStats& stats) {
  const auto figures = figures_of(stats, options_.shows_quality);
  std::vector<report::CsvValue> row;
  std::vector<report::NamedScalar> scalars;
  for (const Figure& figure : figures) {
    row.push_back(figure.value);
    if (&figure == &figures.front()) continue;  // the iteration is the step of an event
    if (std::holds_alternative<std::monostate>(figure.value)) continue;
    const auto* whole = std::get_if<std::int64_t>(&figure.value);
    scalars.push_back(
        {figure.name, whole ? static_cast<double>(*whole) : std::get<double>(figure.value)});
  }
  csv_->append(row);
  events_.write_scalars(stats.iteration, scalars);
}

void TrainDisplay::on_energies(std::int64_t iteration, std::span<const float> of_data,
                               std::span<const float> of_samples) {
  events_.write_histogram(iteration, "energies/data", of_data);
  events_.write_histogram(iteration, "energies/samples", of_samples);
}

void TrainDisplay::on_samples(std::int64_t iteration, std::span<const float> from_noise,
                              std::span<const float> from_buffer) {
  if (!is_drawable(shape_, is_image_)) return;
  last_picture_ = show_picture("noise", iteration, from_noise);
  show_picture("buffer", iteration, from_buffer);
}

std::string TrainDisplay::show_picture(const char* from, std::int64_t iteration,
                                       std::span<const float> rows) {
  const std::string png = picture_of(rows, shape_, is_image_);
  const auto path = folder_.samples() / picture_name(from, iteration);
  base::write_file_atomically(path, png);
  events_.write_image(iteration, std::string("samples/") + from, png);
  return path.string();
}

void TrainDisplay::on_warning(const std::string& line) { progress_.message("ebm: " + line); }

}  // namespace ebm::app
