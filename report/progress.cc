#include "report/progress.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace ebm::report {
namespace {

constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{5};
constexpr std::string_view kClearLine = "\r\x1b[K";

/// The bar takes the longest of these lengths that leaves room for the first fields.
constexpr std::size_t kBarLengths[] = {24, 16, 10, 6};
constexpr std::size_t kFirstFields = 4;

std::string text_of(const ProgressField& field) { return "  " + field.name + " " + field.value; }

ProgressMode resolve(ProgressMode mode, int fd) {
  if (mode != ProgressMode::kAuto) return mode;
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return ::isatty(fd) == 1 && !is_dumb ? ProgressMode::kBar : ProgressMode::kLines;
}

std::size_t terminal_width(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::size_t width_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, starts_character));
}

/// The first `width` characters of UTF-8 text.
std::string_view cut(std::string_view utf8, std::size_t width) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if (starts_character(utf8[i]) && characters++ == width) return utf8.substr(0, i);
  }
  return utf8;
}

constexpr int kNoWait = 0, kShortWait = 100, kLongWait = 1000;  // milliseconds

/// Text is left out if there is no room for it for so long: a pipe that is full because nobody
/// reads it, or a terminal that is held (Ctrl-S), must not stop the work. Errors are ignored.
void write_if_possible(int fd, std::string_view text, int wait) {
  pollfd output{fd, POLLOUT, 0};
  while (!text.empty() && ::poll(&output, 1, wait) == 1) {
    // More than that could wait for the reader.
    const ssize_t n = ::write(fd, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string percent_of(double fraction) {
  if (!std::isfinite(fraction)) return "  ?%";
  // Rounded down, so that 100 % means done.
  const auto percent = static_cast<int>(100 * std::clamp(fraction, 0.0, 1.0));
  std::string text = std::to_string(percent) + "%";
  return std::string(4 - text.size(), ' ') + text;
}

std::string bar_of(double fraction, std::size_t length) {
  const double part = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(length));
  return "[" + std::string(filled, '#') + std::string(length - filled, '.') + "]";
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

double seconds_left(double seconds, double fraction) {
  constexpr double kLeast = 0.01;
  return fraction >= kLeast ? seconds * (1.0 - fraction) / fraction : -1.0;
}

std::string format_duration(double seconds) {
  constexpr double kLongest = 1e12;
  if (!(seconds >= 0) || seconds > kLongest) return "-:--";
  const std::int64_t total = std::llround(seconds);
  const std::int64_t hours = total / 3600, minutes = total / 60 % 60;
  const std::string rest = ":" + two_digits(total % 60);
  if (hours == 0) return std::to_string(minutes) + rest;
  return std::to_string(hours) + ":" + two_digits(minutes) + rest;
}

Progress::Progress(std::string label, int fd, ProgressMode mode)
    : label_(std::move(label)), fd_(fd), mode_(resolve(mode, fd)) {}

Progress::~Progress() { finish(); }

bool Progress::is_due() const {
  if (mode_ == ProgressMode::kQuiet) return false;
  const Clock::duration interval =
      mode_ == ProgressMode::kBar ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval);
  return !shown_ || Clock::now() - shown_at_ >= interval;
}

void Progress::update(double fraction, std::span<const ProgressField> fields, double seconds_left) {
  if (mode_ == ProgressMode::kQuiet) return;
  fraction_ = fraction;
  seconds_left_ = seconds_left;
  fields_.assign(fields.begin(), fields.end());
  pending_ = true;
  if (is_due()) show();
}

void Progress::message(std::string_view line) {
  std::string text;
  if (bar_open_) text += kClearLine;
  text += line;
  text += '\n';
  if (bar_open_) text += bar_line();
  write_if_possible(fd_, text, kLongWait);
}

void Progress::finish() {
  if (pending_) show();
  if (bar_open_) write_if_possible(fd_, "\n", kShortWait);
  bar_open_ = false;
  shown_ = false;
}

void Progress::show() {
  if (mode_ == ProgressMode::kBar) {
    write_if_possible(fd_, std::string(kClearLine) + bar_line(), kNoWait);
    bar_open_ = true;
  } else {
    write_if_possible(fd_, plain_line() + "\n", kShortWait);
  }
  pending_ = false;
  shown_ = true;
  shown_at_ = Clock::now();
}

std::string Progress::bar_line() const {
  // The last column stays free: some terminals wrap as soon as it is written.
  const std::size_t width = terminal_width(fd_) - 1;
  std::string times = percent_of(fraction_);
  if (std::isfinite(seconds_left_) && seconds_left_ >= 0) {
    times += "  " + format_duration(seconds_left_) + " left";
  }
  std::size_t needed = label_.size() + 1 + width_of(times);
  for (const ProgressField& field :
       std::span(fields_).first(std::min(fields_.size(), kFirstFields))) {
    needed += width_of(text_of(field));
  }
  std::string line = label_ + " ";
  for (const std::size_t length : kBarLengths) {
    if (needed + length + 3 > width) continue;  // with its brackets and a space
    line += bar_of(fraction_, length) + " ";
    break;
  }
  line += times;
  // A field appears whole or not at all: half a number would mislead.
  for (const ProgressField& field : fields_) {
    const std::string next = text_of(field);
    if (width_of(line) + width_of(next) > width) break;
    line += next;
  }
  return std::string(cut(line, width));
}

std::string Progress::plain_line() const {
  std::string line = label_ + " " + percent_of(fraction_);
  if (std::isfinite(seconds_left_) && seconds_left_ >= 0) {
    line += "  " + format_duration(seconds_left_) + " left";
  }
  for (const ProgressField& field : fields_) line += text_of(field);
  return line;
}

}  // namespace ebm::report
