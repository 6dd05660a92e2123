#include "training/train_display.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/atomic_file.h"
#include "base/printed.h"
#include "base/quote.h"
#include "report/item_picture.h"
#include "report/labelled_grid.h"
#include "report/page/metrics_table.h"

namespace ebm::training {
namespace {

/// "noise_000500.png"
std::string picture_name(const std::string& from, std::int64_t iteration) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "_%06lld.png", static_cast<long long>(iteration));
  return from + buffer;
}

/// One line for each name, beside it, if there are any.
std::string picture_of(const ShownSamples& samples, const data::ItemShape& shape, bool is_image) {
  const std::int64_t n_lines = std::ssize(samples.line_names);
  if (n_lines == 0) return report::picture_of(samples.rows, shape, is_image);
  const std::int64_t columns = std::ssize(samples.rows) / shape.size() / n_lines;
  return report::png_bytes(
      report::labelled_grid(samples.rows, shape, samples.line_names, {.columns = columns}));
}

bool has(const std::vector<Figure>& figures, std::string_view name) {
  return std::any_of(figures.begin(), figures.end(),
                     [&](const Figure& figure) { return figure.name == name; });
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

TrainDisplay::TrainDisplay(const RunFolder& folder, const data::Dataset& dataset,
                           const TrainDisplayOptions& options)
    : folder_(folder),
      shape_(dataset.shape),
      is_image_(dataset.is_image),
      options_(options),
      progress_("train", 2,
                options.is_shown ? report::ProgressMode::kAuto : report::ProgressMode::kQuiet),
      events_(folder.path()) {}

void TrainDisplay::on_start(std::int64_t iteration) {
  csv_.reset();  // closes the file before it is cut
  std::vector<std::string> columns;
  for (const auto& figure : options_.columns) columns.emplace_back(figure.name);
  csv_.emplace(folder_.metrics(), columns, iteration);
  if (const std::string lost = csv_->missing_rows(options_.log_every, iteration); !lost.empty()) {
    on_warning(folder_.metrics().string() + ": has lost its rows of iterations " + lost +
               "; it goes on without them");
  }
  if (has(options_.columns, "fd")) newest_fd_ = last_fd(folder_.metrics());
  events_.start(iteration);
  // Pictures of later iterations are of iterations that were rolled back.
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

std::vector<report::ProgressField> TrainDisplay::fields_of(const TrainStats& stats) const {
  std::vector<report::ProgressField> fields{
      {"it", std::to_string(stats.iteration) + "/" + std::to_string(options_.iterations)}};
  if (newest_fd_) fields.push_back({"FD", base::printed("%.4g", *newest_fd_)});
  for (report::ProgressField& field : bar_fields_.fields()) fields.push_back(std::move(field));
  return fields;
}

void TrainDisplay::on_iteration(const TrainStats& stats) {
  const double per_iteration = 1.0 / stats.value("iterations_per_s");
  const double seconds = stats.value("seconds");
  if (first_seconds_ < 0.0) first_seconds_ = seconds - per_iteration;
  if (has(stats.figures, "fd")) {
    const double fd = stats.value("fd");
    if (!std::isnan(fd)) newest_fd_ = fd;
  }
  bar_fields_.take(stats.figures);
  double done = static_cast<double>(stats.iteration) / static_cast<double>(options_.iterations);
  double left = static_cast<double>(options_.iterations - stats.iteration) * per_iteration;
  if (options_.minutes > 0.0) {
    const double used = options_.seconds_before + seconds - first_seconds_;
    done = std::max(done, used / (60.0 * options_.minutes));
    left = std::min(left, 60.0 * options_.minutes - used);
  }
  if (!progress_.is_due() && stats.iteration < options_.iterations) return;
  progress_.update(std::min(done, 1.0), fields_of(stats), std::max(left, 0.0));
}

void TrainDisplay::on_log(const TrainStats& stats) {
  std::vector<report::CsvValue> row;
  std::vector<report::NamedScalar> scalars;
  for (const Figure& figure : stats.figures) {
    row.emplace_back(figure.value);
    if (&figure == &stats.figures.front()) continue;  // the iteration is the step of an event
    if (std::holds_alternative<std::monostate>(figure.value)) continue;
    scalars.push_back({figure.name, stats.value(figure.name)});
  }
  csv_->append(row);
  events_.write_scalars(stats.iteration, scalars);
}

void TrainDisplay::on_energies(std::int64_t iteration, std::span<const float> of_data,
                               std::span<const float> of_samples) {
  events_.write_histogram(iteration, "energies/data", of_data);
  if (!of_samples.empty()) events_.write_histogram(iteration, "energies/samples", of_samples);
}

void TrainDisplay::on_samples(std::int64_t iteration, const ShownSamples& samples) {
  if (!report::is_drawable(shape_, is_image_)) return;
  const std::string& from = samples.from;
  const std::string png = picture_of(samples, shape_, is_image_);
  const auto path = folder_.samples() / picture_name(from, iteration);
  base::write_file_atomically(path, png);
  events_.write_image(iteration, "samples/" + from, png);
  if (picture_kind_.empty()) picture_kind_ = from;
  if (from == picture_kind_) last_picture_ = path.string();
}

void TrainDisplay::on_checkpoint() {
  csv_->sync();
  events_.sync();
}

void TrainDisplay::on_warning(const std::string& line) {
  warnings_.push_back(line);
  on_message(line);
}

void TrainDisplay::on_message(const std::string& line) {
  if (options_.is_shown) progress_.message("ebm: " + base::one_line(line));
}

}  // namespace ebm::training
