#include "report/tensorboard/tensorboard_writer.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/error.h"
#include "report/tensorboard/event_record.h"

namespace ebm::report {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "events.out.tfevents.";

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// The seconds in the name of an event file, 0 if there are none.
std::int64_t seconds_in(const fs::path& file) {
  const std::string name = file.filename().string().substr(kPrefix.size());
  std::int64_t seconds = 0;
  std::from_chars(name.data(), name.data() + name.size(), seconds);
  return seconds;
}

/// A file that sorts after all that are there, whatever the clock says.
fs::path next_event_file(const fs::path& folder) {
  auto seconds = static_cast<std::int64_t>(wall_time());
  for (const fs::path& file : list_event_files(folder)) {
    seconds = std::max(seconds, seconds_in(file) + 1);
  }
  return folder / (std::string(kPrefix) + std::to_string(seconds) + ".ebm");
}

}  // namespace

std::vector<fs::path> list_event_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    const bool is_named_so = entry->path().filename().string().starts_with(kPrefix);
    if (is_named_so && entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  if (error) {
    throw Error(ErrorCode::kIo, "cannot read " + folder.string() + ": " + error.message());
  }
  std::ranges::sort(files);
  return files;
}

void TensorboardWriter::write(const std::string& event) {
  std::string records;
  if (!file_) records += event_record(version_event(wall_time()));
  if (start_) records += event_record(restart_event({wall_time(), *start_ + 1}));
  records += event_record(event);
  if (file_) {
    file_->append(records);
  } else {
    file_.emplace(next_event_file(folder_), records);
  }
  start_.reset();
}

void TensorboardWriter::sync() {
  if (file_) file_->sync();
}

void TensorboardWriter::write_scalars(std::int64_t step, std::span<const NamedScalar> scalars) {
  write(scalars_event({wall_time(), step}, scalars));
}

void TensorboardWriter::write_image(std::int64_t step, std::string_view name,
                                    std::string_view png) {
  write(image_event({wall_time(), step}, name, png));
}

void TensorboardWriter::write_histogram(std::int64_t step, std::string_view name,
                                        std::span<const float> values) {
  write(histogram_event({wall_time(), step}, name, histogram_of(values)));
}

}  // namespace ebm::report
