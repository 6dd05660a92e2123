#include "data/formats/npy_dataset.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "data/formats/bad_file.h"
#include "data/formats/channel_order.h"
#include "data/formats/lengths.h"
#include "data/formats/npy.h"

namespace ebm::data {
namespace {

/// What to do about pixels beyond [−1, 1], as far as their range says it.
std::string how_to_scale(float least, float most) {
  constexpr float kNearOne = 1.001f;  // of pixels that were computed, by roundings
  if (least >= -kNearOne && most <= kNearOne) return "; save numpy.clip(x, -1, 1)";
  if (least >= 0.0f && most <= 255.0f) {
    return "; grey levels from 0 to 255 are saved as x.astype('uint8')";
  }
  return "";
}

void check_values(const Dataset& dataset, const std::vector<float>& values,
                  const std::string& file) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool good = dataset.is_image ? std::abs(values[i]) <= 1.0f : std::isfinite(values[i]);
    if (good) continue;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const bool is_finite = std::isfinite(values[i]);
    const std::string hint = is_finite ? how_to_scale(*least, *most) : "";
    bad_file(file,
             "found " + (is_finite ? base::exact_text(values[i]) : base::number_text(values[i])) +
                 " in item " + std::to_string(i / static_cast<std::size_t>(dataset.shape.size())) +
                 (dataset.is_image ? ", expected pixels in [-1, 1]" + hint
                                   : ", expected finite numbers"));
  }
}

/// Warns of an array that looks like one image with its channels last.
void warn_of_one_image(const std::vector<std::int64_t>& shape, const std::string& file,
                       Dataset& dataset) {
  constexpr std::int64_t kMaxChannels = 4;
  if (shape.size() != 3 || shape[2] > kMaxChannels || shape[1] <= kMaxChannels) return;
  dataset.warnings.push_back(file + ": " + by(shape) + " is read as " + std::to_string(shape[0]) +
                             " grey images; one image with channels is [1, h, w, c]");
}

/// Warns of values that are allowed, but seldom meant.
void warn_of_range(const std::string& file, Dataset& dataset) {
  if (!dataset.is_image) return;
  if (const auto* levels = std::get_if<std::vector<std::uint8_t>>(&dataset.values)) {
    if (*std::max_element(levels->begin(), levels->end()) == 1) {
      dataset.warnings.push_back(file +
                                 ": all grey levels are 0 or 1 of 255, nearly black; for black and "
                                 "white save x * 255");
    }
    return;
  }
  const auto& values = std::get<std::vector<float>>(dataset.values);
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*least >= 0.0f && *most > 0.5f) {
    dataset.warnings.push_back(file +
                               ": all pixels are in [0, 1], where -1 is black; if 0 is black save "
                               "2 * x - 1");
  }
}

}  // namespace

Dataset load_npy(const std::filesystem::path& path, const NpyOptions& options) {
  const std::string file = path.string();
  NpyArray array = read_npy(path, options.on_read);
  const auto& shape = array.shape;
  const bool is_float = std::holds_alternative<std::vector<float>>(array.values);
  const std::string found = (is_float ? "float32 of shape " : "uint8 of shape ") + by(shape);
  if (shape.size() < (is_float ? 2u : 3u) || shape.size() > 4) {
    bad_file(file, "found " + found +
                       ", expected [n, h, w] or [n, c, h, w] for images, or float32 [n, dim] for "
                       "points; numpy.reshape gives an array another shape");
  }
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) {
    bad_file(file, "found " + found + ", expected no length of 0");
  }
  Dataset dataset;
  dataset.n = shape[0];
  dataset.is_image = shape.size() > 2;
  dataset.values = std::move(array.values);
  if (shape.size() == 4) {
    set_image_shape(shape, options.layout, file, dataset);
  } else {
    require_no_layout(options.layout, shape, file);
    warn_of_one_image(shape, file, dataset);
    dataset.shape = shape.size() == 2
                        ? ItemShape{.channels = shape[1], .height = 1, .width = 1}
                        : ItemShape{.channels = 1, .height = shape[1], .width = shape[2]};
  }
  if (is_float) check_values(dataset, std::get<std::vector<float>>(dataset.values), file);
  warn_of_range(file, dataset);
  return dataset;
}

}  // namespace ebm::data
