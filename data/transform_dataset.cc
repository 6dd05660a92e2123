#include "data/transform_dataset.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "data/image.h"
#include "data/resize.h"

namespace ebm::data {
namespace {

/// So that the labels of three of them are numbers.
constexpr std::int32_t kMaxStackedClasses = 1000;

[[noreturn]] void fail(const Dataset& dataset, const std::string& what) {
  throw Error(ErrorCode::kBadData, dataset.name + ": " + what);
}

/// Item i of a set of bytes.
Image image_of(const Dataset& dataset, std::int64_t i) {
  const auto& values = std::get<std::vector<std::uint8_t>>(dataset.values);
  const auto begin = values.begin() + i * dataset.shape.size();
  return {.shape = dataset.shape, .pixels = {begin, begin + dataset.shape.size()}};
}

/// Replaces every image by what `function` makes of it; all results have one shape.
template <class Function>
Dataset map_images(Dataset dataset, Function function) {
  std::vector<std::uint8_t> values;
  ItemShape shape;
  for (std::int64_t i = 0; i < dataset.n; ++i) {
    const Image image = function(image_of(dataset, i));
    shape = image.shape;
    if (i == 0) values.reserve(static_cast<std::size_t>(dataset.n * shape.size()));
    values.insert(values.end(), image.pixels.begin(), image.pixels.end());
  }
  dataset.values = std::move(values);
  dataset.shape = shape;
  return dataset;
}

}  // namespace

Dataset keep_class(Dataset dataset, std::int32_t klass) {
  const std::string option = "class=" + std::to_string(klass);
  if (dataset.labels.empty()) fail(dataset, option + " needs labels, but the set has none");
  std::int64_t kept = 0;
  std::visit(
      [&](auto& values) {
        const std::int64_t size = dataset.shape.size();
        for (std::int64_t i = 0; i < dataset.n; ++i) {
          if (dataset.labels[static_cast<std::size_t>(i)] != klass) continue;
          std::copy_n(values.begin() + i * size, size, values.begin() + kept++ * size);
        }
        values.resize(static_cast<std::size_t>(kept * size));
      },
      dataset.values);
  if (kept == 0) {
    const auto [least, most] = std::minmax_element(dataset.labels.begin(), dataset.labels.end());
    fail(dataset, option + " leaves nothing, its labels are " + std::to_string(*least) + " to " +
                      std::to_string(*most));
  }
  dataset.n = kept;
  dataset.labels.assign(static_cast<std::size_t>(kept), klass);
  return dataset;
}

Dataset keep_first(Dataset dataset, std::int64_t limit) {
  if (limit < 1) {
    throw Error(ErrorCode::kUsage, "limit=" + std::to_string(limit) + ", expected at least 1");
  }
  if (limit >= dataset.n) return dataset;
  std::visit([&](auto& v) { v.resize(static_cast<std::size_t>(limit * dataset.shape.size())); },
             dataset.values);
  if (!dataset.labels.empty()) dataset.labels.resize(static_cast<std::size_t>(limit));
  dataset.n = limit;
  return dataset;
}

Dataset keep_item(Dataset dataset, std::int64_t item) {
  if (item < 0 || item >= dataset.n) {
    fail(dataset, "item=" + std::to_string(item) + " is not there, expected 0 to " +
                      std::to_string(dataset.n - 1));
  }
  std::visit(
      [&](auto& values) {
        const std::int64_t size = dataset.shape.size();
        std::copy_n(values.begin() + item * size, size, values.begin());
        values.resize(static_cast<std::size_t>(size));
      },
      dataset.values);
  if (!dataset.labels.empty()) dataset.labels = {dataset.labels[static_cast<std::size_t>(item)]};
  dataset.n = 1;
  return dataset;
}

Dataset gray_images(Dataset dataset) {
  if (!dataset.is_bytes()) fail(dataset, "gray=1 needs images of bytes, found float32");
  const std::int64_t channels = dataset.shape.channels;
  if (channels != 1 && channels != 3) {
    fail(dataset, "gray=1 needs 1 or 3 channels, found " + std::to_string(channels));
  }
  return map_images(std::move(dataset), [](Image image) { return to_gray(std::move(image)); });
}

Dataset resize_images(Dataset dataset, std::int64_t size) {
  if (!dataset.is_bytes()) fail(dataset, "size= needs images of bytes, found float32");
  return map_images(std::move(dataset),
                    [size](const Image& image) { return crop_and_resize(image, size); });
}

Dataset stack_images(Dataset dataset) {
  if (!dataset.is_bytes() || dataset.shape.channels != 1) {
    fail(dataset, "stack=1 takes grey images");
  }
  const std::vector<std::int32_t> labels = std::move(dataset.labels);
  const std::int32_t n_classes =
      labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
  if (n_classes > kMaxStackedClasses) {
    fail(dataset, "stack=1 takes labels below " + std::to_string(kMaxStackedClasses) + ", found " +
                      std::to_string(n_classes - 1));
  }
  dataset.labels.clear();
  dataset.class_names.clear();
  const std::vector<std::uint8_t> grey =
      std::move(std::get<std::vector<std::uint8_t>>(dataset.values));
  std::vector<std::uint8_t> stacked;
  stacked.reserve(3 * grey.size());
  const auto size = dataset.shape.size();
  for (std::int64_t i = 0; i < dataset.n; ++i) {
    base::RandomStream stream({.seed = 0, .domain = base::Domain::kToyData, .generation = 2},
                              static_cast<std::uint64_t>(i));
    std::int32_t label = 0;
    for (int channel = 0; channel < 3; ++channel) {
      const auto item =
          static_cast<std::int64_t>(stream.next_below(static_cast<std::uint64_t>(dataset.n)));
      stacked.insert(stacked.end(), grey.begin() + item * size, grey.begin() + (item + 1) * size);
      if (!labels.empty()) label = label * n_classes + labels[static_cast<std::size_t>(item)];
    }
    if (!labels.empty()) dataset.labels.push_back(label);
  }
  dataset.values = std::move(stacked);
  dataset.shape.channels = 3;
  return dataset;
}

}  // namespace ebm::data
