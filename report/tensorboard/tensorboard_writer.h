#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/append_file.h"
#include "report/tensorboard/tensorboard_event.h"

namespace ebm::report {

/// The event files of a folder, events.out.tfevents.SECONDS.ebm, in the order in which TensorBoard
/// reads them: by name, which rises with time.
/// @throws Error(kIo) if the folder cannot be read.
std::vector<std::filesystem::path> list_event_files(const std::filesystem::path& folder);

/// Writes an event file for TensorBoard into a folder. It is begun with the first event, a new one
/// beside those of earlier sessions. Every event is in the file before a call returns.
class TensorboardWriter {
 public:
  explicit TensorboardWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The run goes on from `step`: TensorBoard will drop what was written of later steps, in this
  /// file or in older ones.
  void start(std::int64_t step) { start_ = step; }

  // Each throws Error(kIo) naming the file, which then holds no part of the event.
  void write_scalars(std::int64_t step, std::span<const NamedScalar> scalars);
  /// @param png  as for image_event
  void write_image(std::int64_t step, std::string_view name, std::string_view png);
  void write_histogram(std::int64_t step, std::string_view name, std::span<const float> values);

  /// Makes all events durable. @throws Error(kIo) naming the file.
  void sync();

 private:
  void write(const std::string& event);

  std::filesystem::path folder_;
  std::optional<base::AppendFile> file_;
  std::optional<std::int64_t> start_;  // set, and not yet written
};

}  // namespace ebm::report
