#include "evaluation/restoration/restoration_picture.h"

#include <algorithm>
#include <iterator>

#include "evaluation/restoration/observations.h"

namespace ebm::evaluation {
namespace {

/// Images of `from` as images of `to`, a whole multiple as large.
std::vector<float> enlarge(const std::vector<float>& rows, const data::ItemShape& from,
                           const data::ItemShape& to) {
  if (from == to) return rows;
  const std::int64_t factor = to.height / from.height;
  const auto n = static_cast<std::int64_t>(rows.size()) / from.size();
  std::vector<float> large;
  for (std::int64_t i = 0; i < n * to.size(); ++i) {
    const std::int64_t x = i % to.width, y = i / to.width % to.height;
    const std::int64_t plane = i / (to.width * to.height);
    large.push_back(rows[static_cast<std::size_t>((plane * from.height + y / factor) * from.width +
                                                  x / factor)]);
  }
  return large;
}

}  // namespace

RestorationPicture restoration_picture(const ObservationOperator& observed,
                                       const std::vector<float>& y, const Restoration& restored,
                                       const std::vector<Reconstruction>& others,
                                       const std::vector<float>& truth,
                                       const data::ItemShape& shape) {
  constexpr std::int64_t kImages = 12, kSamples = 4;
  const std::int64_t n_images = std::min(restored.n_images, kImages), dim = shape.size();
  RestorationPicture picture;
  std::vector<std::vector<float>> columns;
  /// Images 0, stride, 2·stride, ... from `first` on.
  const auto add = [&](const std::string& name, const std::vector<float>& rows,
                       std::int64_t first = 0, std::int64_t stride = 1) {
    picture.columns.push_back(name);
    columns.emplace_back();
    for (std::int64_t image = 0; image < n_images; ++image) {
      const auto begin = rows.begin() + (first + image * stride) * dim;
      std::transform(begin, begin + dim, std::back_inserter(columns.back()),
                     [](float value) { return std::clamp(value, -1.0f, 1.0f); });
    }
  };
  if (observed.is_image) {
    add("observed", enlarge(observations_as_images(observed, y, 0.0f), observed.shape, shape));
  }
  for (std::int64_t k = 0; k < std::min(restored.n, kSamples); ++k) {
    add("sample", restored.samples, k, restored.n);
  }
  add("mean", restored.mean);
  std::vector<float> spread = restored.spread;
  for (float& value : spread) value = 2.0f * value - 1.0f;
  add("spread", spread);
  for (const Reconstruction& other : others) add(other.name, other.rows);
  if (!truth.empty()) add("truth", truth);
  for (std::int64_t image = 0; image < n_images; ++image) {
    for (const std::vector<float>& column : columns) {
      const auto begin = column.begin() + image * dim;
      picture.tiles.insert(picture.tiles.end(), begin, begin + dim);
    }
  }
  return picture;
}

}  // namespace ebm::evaluation
