#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::report {

/// What is left if the rest goes as fast as the first part did: seconds·(1 − fraction)/fraction.
/// Negative, unknown, until a hundredth is done: the start says little about the rest.
/// @param fraction  done in `seconds`, in [0, 1]
double seconds_left(double seconds, double fraction);

/// One figure shown beside the bar, already formatted.
struct ProgressField {
  std::string name;
  std::string value;
};

enum class ProgressMode {
  kAuto,   ///< kBar on a terminal that can move its cursor, kLines elsewhere
  kBar,    ///< one line redrawn in place, at most 10 times a second
  kLines,  ///< one plain line at most every 5 seconds
  kQuiet,  ///< nothing but messages
};

/// "0:42", "1:05:09": a duration rounded to seconds; "-:--" if it is negative or not finite.
std::string format_duration(double seconds);

/// How far a long job is, written to a file descriptor. The first update and the last one are
/// always shown; failures to write are ignored, and what nobody reads is left out, as no job should
/// die of its progress display or wait for it. To be used by one thread at a time.
class Progress {
 public:
  /// @param label  what is being done; stands in front
  /// @param fd     where to write; stays open
  explicit Progress(std::string label, int fd = 2, ProgressMode mode = ProgressMode::kAuto);
  /// Calls finish().
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// @param fraction      done of the whole, in [0, 1]; NaN if unknown
  /// @param seconds_left  estimate; negative or not finite if unknown
  void update(double fraction, std::span<const ProgressField> fields, double seconds_left);

  /// Prints a line of its own; a bar moves below it.
  void message(std::string_view line);

  /// Shows the last update if it was held back, and ends the bar's line. Later updates start anew.
  void finish();

  /// Whether an update now would be shown: callers may skip formatting fields that would not be.
  bool is_due() const;

 private:
  using Clock = std::chrono::steady_clock;

  void show();
  std::string bar_line() const;
  std::string plain_line() const;

  std::string label_;
  int fd_;
  ProgressMode mode_;
  double fraction_ = 0;
  double seconds_left_ = -1;
  std::vector<ProgressField> fields_;
  bool pending_ = false;   // an update came that has not been shown
  bool shown_ = false;     // one has been shown since the start or since finish()
  bool bar_open_ = false;  // the cursor stands at the end of a bar
  Clock::time_point shown_at_;
};

}  // namespace ebm::report
