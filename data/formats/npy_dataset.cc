#include "data/formats/npy_dataset.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "data/formats/lengths.h"
#include "data/formats/npy.h"

namespace ebm::data {
namespace {

void check_values(const Dataset& dataset, const std::vector<float>& values,
                  const std::string& file) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool good = dataset.is_image ? std::abs(values[i]) <= 1.0f : std::isfinite(values[i]);
    if (good) continue;
    throw Error(
        ErrorCode::kBadData,
        file + ": found " + std::to_string(values[i]) + " in item " +
            std::to_string(i / static_cast<std::size_t>(dataset.shape.size())) +
            (dataset.is_image ? ", expected pixels in [-1, 1]" : ", expected finite numbers"));
  }
}

}  // namespace

Dataset load_npy(const std::filesystem::path& path) {
  const std::string file = path.string();
  NpyArray array = read_npy(path);
  const auto& shape = array.shape;
  const bool is_float = std::holds_alternative<std::vector<float>>(array.values);
  const std::string found = (is_float ? "float32 of shape " : "uint8 of shape ") + by(shape);
  if (shape.size() < (is_float ? 2u : 3u) || shape.size() > 4) {
    throw Error(ErrorCode::kBadData, file + ": found " + found +
                                         ", expected [n, h, w] or [n, c, h, w] for images, or " +
                                         "float32 [n, dim] for points");
  }
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) {
    throw Error(ErrorCode::kBadData, file + ": found " + found + ", expected no length of 0");
  }
  Dataset dataset;
  dataset.n = shape[0];
  dataset.is_image = shape.size() > 2;
  if (shape.size() == 2) dataset.shape = {.channels = shape[1], .height = 1, .width = 1};
  if (shape.size() == 3) dataset.shape = {.channels = 1, .height = shape[1], .width = shape[2]};
  if (shape.size() == 4) {
    dataset.shape = {.channels = shape[1], .height = shape[2], .width = shape[3]};
  }
  if (is_float) check_values(dataset, std::get<std::vector<float>>(array.values), file);
  dataset.values = std::move(array.values);
  return dataset;
}

}  // namespace ebm::data
