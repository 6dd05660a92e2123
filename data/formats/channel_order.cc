#include "data/formats/channel_order.h"

#include <algorithm>
#include <cstddef>

#include "base/error.h"
#include "data/formats/lengths.h"
#include "data/item_shape.h"

namespace ebm::data {
namespace {

bool is_usual(std::int64_t channels) { return channels == 1 || channels == 3; }

/// Item by item: the set is in memory once.
template <class Value>
void put_channels_first(std::vector<Value>& values, const ItemShape& shape) {
  const auto size = static_cast<std::size_t>(shape.size());
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t plane = size / channels;
  std::vector<Value> item(size);
  for (std::size_t begin = 0; begin < values.size(); begin += size) {
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t p = 0; p < plane; ++p) {
        item[c * plane + p] = values[begin + p * channels + c];
      }
    }
    std::copy(item.begin(), item.end(), values.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

}  // namespace

void set_image_shape(const std::vector<std::int64_t>& dims, std::optional<Layout> layout,
                     const std::string& file, Dataset& dataset) {
  const ItemShape first{.channels = dims[1], .height = dims[2], .width = dims[3]};
  const ItemShape last{.channels = dims[3], .height = dims[1], .width = dims[2]};
  const bool is_recognised = !layout && is_usual(last.channels) && !is_usual(first.channels);
  if (is_recognised) {
    dataset.warnings.push_back(file + ": " + by(dims) + " is read with channels last, as images " +
                               shape_text(last) + "; layout=nchw reads " + shape_text(first));
  } else if (!layout && last.channels <= 4 && first.channels > 4) {
    dataset.warnings.push_back(file + ": " + by(dims) + " is read with channels first, as images " +
                               shape_text(first) + "; layout=nhwc reads " + shape_text(last));
  }
  const bool is_last = is_recognised || layout == Layout::kNhwc;
  dataset.shape = is_last ? last : first;
  if (!is_last || last.channels == 1) return;
  std::visit([&](auto& values) { put_channels_first(values, last); }, dataset.values);
}

void require_no_layout(std::optional<Layout> layout, const std::vector<std::int64_t>& dims,
                       const std::string& file) {
  if (!layout) return;
  throw Error(ErrorCode::kUsage, "layout=" + to_string(*layout) + " is for arrays of four axes, " +
                                     file + " has " + by(dims));
}

}  // namespace ebm::data
