#include "cli/comma_list.h"

#include <charconv>

#include "base/error.h"
#include "base/quote.h"
#include "base/require.h"

namespace ebm::cli {

std::vector<std::string> split_commas(const std::string& list) {
  std::vector<std::string> entries(1);
  for (const char c : list) {
    if (c == ',') {
      entries.emplace_back();
    } else {
      entries.back() += c;
    }
  }
  return entries;
}

double number_of(const char* name, const std::string& text, const std::string& or_a_word) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [last, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || last != end) {
    throw Error(ErrorCode::kUsage,
                std::string(name) + " = " + base::quote(text) + ": must be a number" + or_a_word);
  }
  return value;
}

std::vector<std::int64_t> numbers_of(const char* name, const std::string& list,
                                     std::int64_t least) {
  std::vector<std::int64_t> numbers;
  for (const std::string& entry : split_commas(list)) {
    std::int64_t value = 0;
    const char* end = entry.data() + entry.size();
    const auto [last, fault] = std::from_chars(entry.data(), end, value);
    if (fault != std::errc() || last != end) {
      throw Error(ErrorCode::kUsage, std::string(name) + " = " + base::quote(entry) +
                                         ": must be whole numbers with commas between them");
    }
    base::require_at_least(name, value, least);
    numbers.push_back(value);
  }
  return numbers;
}

}  // namespace ebm::cli
