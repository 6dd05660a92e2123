#include "data/formats/data_memory.h"

#include <span>

#include "base/error.h"
#include "base/system/memory_limit.h"
#include "data/formats/lengths.h"

namespace ebm::data {

void require_memory_for(const std::string& file, const std::vector<std::int64_t>& shape,
                        std::size_t value_bytes) {
  constexpr double kFewBytes = 1e7;
  if (shape.empty()) return;
  const auto item = std::span(shape).subspan(1);
  auto each = static_cast<double>(value_bytes);
  for (const std::int64_t length : item) each *= static_cast<double>(length);
  if (static_cast<double>(shape[0]) * each <= kFewBytes) return;
  const std::string shortage = base::memory_shortage(
      {.option = "", .value = shape[0], .what = "items of " + by(item), .each = each},
      base::available_memory());
  if (!shortage.empty()) throw Error(ErrorCode::kUsage, file + ": " + shortage);
}

}  // namespace ebm::data
