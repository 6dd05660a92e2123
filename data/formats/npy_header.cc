#include "data/formats/npy_header.h"

#include <limits>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::data {
namespace {

/// A cursor over the small part of Python's literals that NumPy writes.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& file, std::size_t offset)
      : text_(text), file_(file), offset_(offset) {}

  NpyHeader parse() {
    NpyHeader header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::size_t key_at = at_;
      const std::string key = parse_string("a quoted key");
      bool* seen = key == "descr"           ? &has_descr
                   : key == "fortran_order" ? &has_order
                   : key == "shape"         ? &has_shape
                                            : nullptr;
      if (seen == nullptr || *seen) {
        at_ = key_at;
        fail("each of 'descr', 'fortran_order' and 'shape' once");
      }
      *seen = true;
      expect(':');
      if (key == "descr") header.descr = parse_string("a quoted dtype, as '|u1' or '<f4'");
      if (key == "fortran_order") header.fortran_order = parse_bool();
      if (key == "shape") header.shape = parse_shape();
      if (!take(',') && !peek('}')) fail("',' or '}'");
    }
    skip_space();
    if (at_ != text_.size()) fail("nothing but spaces after '}'");
    if (!has_descr || !has_order || !has_shape) {
      fail("each of 'descr', 'fortran_order' and 'shape' once");
    }
    return header;
  }

 private:
  static constexpr std::size_t kNone = std::string_view::npos;

  [[noreturn]] void fail(const std::string& expected) const {
    throw Error(
        ErrorCode::kBadData,
        file_ + ": npy header: found " +
            (at_ < text_.size() ? base::quote(text_.substr(at_), '\'') : std::string("its end")) +
            " at offset " + std::to_string(offset_ + at_) + ", expected " + expected);
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != kNone) ++at_;
  }
  bool peek(char c) {
    skip_space();
    return at_ < text_.size() && text_[at_] == c;
  }
  bool take(char c) {
    if (!peek(c)) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(std::string("'") + c + "'");
  }
  bool take_word(std::string_view word) {
    skip_space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string parse_string(const std::string& expected) {
    // Python 2 and 3 write u'' and b'' in front of each other's texts.
    if (peek('u') || peek('b')) ++at_;
    if (!peek('\'') && !peek('"')) fail(expected);
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string_view::npos) fail(expected);
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  bool parse_bool() {
    if (take_word("True")) return true;
    if (!take_word("False")) fail("True or False");
    return false;
  }

  std::vector<std::int64_t> parse_shape() {
    std::vector<std::int64_t> shape;
    expect('(');
    while (!take(')')) {
      shape.push_back(parse_length());
      if (!take(',') && !peek(')')) fail("',' or ')' in the shape");
    }
    return shape;
  }

  std::int64_t parse_length() {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    skip_space();
    const std::size_t begin = at_;
    std::int64_t length = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      const std::int64_t digit = text_[at_] - '0';
      if (length > (kMax - digit) / 10) {
        at_ = begin;
        fail("a length below 2^63");
      }
      length = 10 * length + digit;
      ++at_;
    }
    if (at_ == begin) fail("a length, a whole number from 0 on");
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2's long
    return length;
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t offset_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& file, std::size_t offset) {
  return HeaderParser(text, file, offset).parse();
}

}  // namespace ebm::data
