#include "nets/files/parse_toml.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"

namespace ebm::nets {
namespace {

[[noreturn]] void fail(std::string_view origin, std::int64_t line, const std::string& problem) {
  throw Error(ErrorCode::kBadData,
              std::string(origin) + ":" + std::to_string(line) + ": " + problem);
}

/// Goes through a text as a TOML parser does, up to the first fault of such a parser, and refuses
/// what makes toml++ misbehave.
class TomlGuard {
 public:
  TomlGuard(std::string_view text, std::string_view origin) : text_(text), origin_(origin) {}

  void check() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;  // a byte-order mark
    for (; at_ < text_.size(); ++at_) take(text_[at_]);
  }

 private:
  static constexpr std::size_t kMaxBrackets = 64;
  static constexpr int kMaxDots = 16;
  static constexpr char kName = 'n';

  void take(char c) {
    switch (c) {
      case '\n':
        ++line_;
        dots_ = 0;
        if (brackets_.empty()) is_value_ = false;
        return;
      case '#':
        at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
        return;
      case '"':
      case '\'':
        if (!follows_delimiter()) fail(origin_, line_, "not TOML: a quotation mark inside a word");
        return skip_string(c);
      case '.':
        if (++dots_ > kMaxDots) fail(origin_, line_, "not TOML: a key of more than 17 parts");
        return;
      case '[':
      case '{':
        dots_ = 0;
        if (!follows_delimiter()) fail(origin_, line_, "not TOML: a bracket inside a word");
        if (brackets_.size() == kMaxBrackets) {
          fail(origin_, line_, "not TOML: brackets more than 64 deep");
        }
        brackets_.push_back(c == '[' && !is_value_ ? kName : c);  // kName: of a table's name
        if (c == '{') is_value_ = false;
        return;
      case ']':
      case '}':
        dots_ = 0;
        is_value_ = !brackets_.empty() && brackets_.back() != kName;
        if (!brackets_.empty()) brackets_.pop_back();
        return;
      case '=':
        dots_ = 0;
        if (is_value_) fail(origin_, line_, "not TOML: = inside a value");
        is_value_ = true;
        return;
      case ',':
        dots_ = 0;
        is_value_ = !brackets_.empty() && brackets_.back() == '[';
        return;
      default:
        if (static_cast<unsigned char>(c) < 0x80) return;
        fail(origin_, line_, "not TOML: a letter outside ASCII that is not in quotes");
    }
  }

  /// Whether a string or a bracket can begin here. toml++ reads a malformed value on through them,
  /// into letters that this would take for those of a string.
  bool follows_delimiter() const {
    return at_ == 0 || (at_ == 3 && text_.starts_with("\xef\xbb\xbf")) ||
           std::string_view(is_value_ ? " \t\n=,[{" : " \t\n=,[{.").find(text_[at_ - 1]) !=
               std::string_view::npos;
  }

  /// Moves to the last character of the string that begins here; of one that does not end, to the
  /// end of its line or of the text.
  void skip_string(char mark) {
    const std::string three(3, mark);
    const bool is_long = text_.substr(at_).starts_with(three);
    at_ += is_long ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        if (!is_long) {
          --at_;
          return;
        }
        ++line_;
      }
      if (c == '\\' && mark == '"') {
        skip_escaped(is_long);
        continue;
      }
      if (c != mark) continue;
      if (!is_long) return;
      if (!text_.substr(at_).starts_with(three)) continue;
      at_ += 2;
      // Up to two marks before the closing three belong to the string.
      for (int extra = 0; extra < 2 && at_ + 1 < text_.size() && text_[at_ + 1] == mark; ++extra) {
        ++at_;
      }
      return;
    }
  }

  /// Moves from a backslash to the character that it changes; in a string of several lines to the
  /// last of the blanks and ends of lines that it takes away. There toml++ compares the next
  /// character with blanks, which is undefined for most letters outside ASCII.
  void skip_escaped(bool is_long) {
    std::size_t next = at_ + 1;
    for (; is_long && next < text_.size(); ++next) {
      if (std::string_view(" \t\r\n").find(text_[next]) == std::string_view::npos) break;
      if (text_[next] == '\n') ++line_;
    }
    if (next == text_.size()) return;
    if (is_long && static_cast<unsigned char>(text_[next]) >= 0x80) {
      fail(origin_, line_, "a letter outside ASCII behind a backslash; write it as \\uXXXX");
    }
    const bool is_one = next == at_ + 1;
    if (is_long || text_[next] != '\n') at_ = is_one ? next : next - 1;
  }

  std::string_view text_, origin_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  int dots_ = 0;
  std::string brackets_;   ///< that are open
  bool is_value_ = false;  ///< behind an equals sign, or in an array
};

}  // namespace

toml::table parse_toml(std::string_view text, std::string_view origin) {
  TomlGuard(text, origin).check();
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    fail(origin, error.source().begin.line, "not TOML: " + std::string(error.description()));
  }
}

std::optional<double> number_of(const toml::node& node) {
  if (const auto* integer = node.as_integer()) return static_cast<double>(integer->get());
  return node.value<double>();
}

std::optional<std::string> string_of(const toml::node& node) {
  const toml::array* parts = node.as_array();
  if (parts == nullptr) return node.value<std::string>();
  std::string bytes;
  for (const toml::node& part : *parts) {
    const auto* text = part.as_string();
    const auto* byte = part.as_integer();
    if (text != nullptr) {
      bytes += text->get();
    } else if (byte != nullptr && byte->get() >= 0 && byte->get() <= 255) {
      bytes += static_cast<char>(byte->get());
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace ebm::nets
