#include "data/class_label.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/quote.h"

namespace ebm::data {
namespace {

std::optional<std::int32_t> number_of(const std::string& text) {
  std::int32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, number);
  if (status != std::errc() || stop != end) return std::nullopt;
  return number;
}

[[noreturn]] void fail(const std::string& klass, const std::string& set,
                       std::span<const std::string> names) {
  std::string known = "the set names no classes, expected a number";
  if (!names.empty()) {
    const std::string nearest = base::nearest_name(klass, names);
    known = nearest.empty() ? "" : "did you mean " + base::quote(nearest, '\'') + "? ";
    known += std::to_string(names.size()) + " classes, from " + base::quote(names.front(), '\'') +
             " to " + base::quote(names.back(), '\'');
  }
  throw Error(ErrorCode::kBadData, set + ": no class " + base::quote(klass, '\'') + "; " + known);
}

}  // namespace

std::int32_t class_label(const std::string& klass, const std::string& set,
                         std::span<const std::string> names, std::vector<std::string>& warnings) {
  const auto named = std::find(names.begin(), names.end(), klass);
  const auto label_of_name = static_cast<std::int32_t>(named - names.begin());
  const auto number = number_of(klass);
  const bool is_label =
      number && (names.empty() || *number < static_cast<std::int32_t>(names.size()));
  if (is_label && named != names.end() && label_of_name != *number) {
    warnings.push_back("class=" + klass + " is label " + klass + ", the class named " +
                       base::quote(names[static_cast<std::size_t>(*number)], '\'') +
                       "; the class named '" + klass + "' has label " +
                       std::to_string(label_of_name));
  }
  if (is_label) return *number;
  if (named != names.end()) return label_of_name;
  // A number beyond the labels leaves nothing, which the caller says.
  if (number) return *number;
  fail(klass, set, names);
}

std::int64_t n_classes(const Dataset& dataset) {
  if (dataset.labels.empty()) return 0;
  const auto [least, largest] = std::ranges::minmax_element(dataset.labels);
  if (*least < 0) {
    throw Error(ErrorCode::kBadData, dataset.name + ": label " + std::to_string(*least) +
                                         ", expected a number from 0 on");
  }
  return std::max(std::int64_t{*largest} + 1, std::ssize(dataset.class_names));
}

std::int32_t class_label(const std::string& klass, Dataset& dataset) {
  return class_label(klass, dataset.name, dataset.class_names, dataset.warnings);
}

}  // namespace ebm::data
