#include "data/one_item.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

#include "base/error.h"
#include "base/quote.h"
#include "data/batch_source.h"
#include "data/item_shape.h"
#include "data/load_dataset.h"

namespace ebm::data {
namespace {

/// The numbers of a list with commas between them; nothing for another text.
std::optional<std::vector<float>> numbers_of(const std::string& text) {
  std::vector<float> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    float value = 0.0f;
    const auto [stop, status] = std::from_chars(at, end, value);
    if (status != std::errc()) return std::nullopt;
    numbers.push_back(value);
    if (stop == end) return numbers;
    if (*stop != ',') return std::nullopt;
    at = stop + 1;
  }
}

[[noreturn]] void fail(const std::string& option, const std::string& text,
                       const std::string& what) {
  throw Error(ErrorCode::kUsage, option + " = " + base::one_line(text) + ": " + what);
}

}  // namespace

OneItem read_one_item(const std::string& text, const std::string& option, const ItemShape& shape,
                      const OnRead& on_read) {
  if (auto point = numbers_of(text)) {
    if (shape.height != 1 || shape.width != 1) fail(option, text, "must be an image");
    const auto n = static_cast<std::int64_t>(point->size());
    if (n != shape.size()) {
      fail(option, text,
           "has " + std::to_string(n) + (n == 1 ? " coordinate" : " coordinates") + ", must have " +
               std::to_string(shape.size()));
    }
    for (const float x : *point) {
      if (!std::isfinite(x)) fail(option, text, "must be finite");
    }
    return {.values = std::move(*point), .warnings = {}};
  }
  const std::string spec = spec_or_file(text);
  const Dataset dataset = load_dataset(spec, on_read);
  require_shape(dataset.shape, spec, shape);
  if (dataset.n != 1) {
    fail(option, text,
         "has " + std::to_string(dataset.n) + " items, must have one; add " +
             (text.find('#') == std::string::npos ? "#" : ",") + "item=K");
  }
  OneItem item{.values = std::vector<float>(static_cast<std::size_t>(shape.size())),
               .warnings = dataset.warnings};
  BatchSource(dataset, {.batch_size = 1}).fill_range(0, 1, item.values);
  return item;
}

}  // namespace ebm::data
