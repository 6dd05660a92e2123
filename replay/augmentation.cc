#include "replay/augmentation.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"

namespace ebm::replay {
namespace {

constexpr std::uint64_t kWordsOfARow = 16;
constexpr std::uint64_t kChangeStreams = std::uint64_t{1} << 62;

std::size_t place(std::int64_t index) { return static_cast<std::size_t>(index); }

[[noreturn]] void refuse_augmentation(const char* key, const std::string& value,
                                      const std::string& right) {
  throw Error(ErrorCode::kUsage, std::string(key) + " = " + value + ": must be " + right);
}

void move_image(const ImageChange& change, const samplers::ImageShape& image,
                std::span<float> row) {
  const std::vector<float> old(row.begin(), row.end());
  const std::int64_t last_row = image.height - 1, last_column = image.width - 1;
  for (std::int64_t channel = 0; channel < image.channels; ++channel) {
    for (std::int64_t i = 0; i < image.height; ++i) {
      const std::int64_t from_row = std::clamp(i - change.down, std::int64_t{0}, last_row);
      for (std::int64_t j = 0; j < image.width; ++j) {
        const std::int64_t column = std::clamp(j - change.right, std::int64_t{0}, last_column);
        const std::int64_t from = change.flip ? last_column - column : column;
        const std::int64_t first = channel * image.height;
        row[place((first + i) * image.width + j)] =
            old[place((first + from_row) * image.width + from)];
      }
    }
  }
}

float grey(float red, float green, float blue) {
  return 0.299f * red + 0.587f * green + 0.114f * blue;
}

void recolour(const ImageChange& change, const samplers::Box& box, std::span<float> row) {
  const std::size_t n = row.size() / 3;
  const auto red = row.first(n), green = row.subspan(n, n), blue = row.last(n);
  const float width = box.high - box.low;
  for (float& v : row) v = change.brightness * ((v - box.low) / width);
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) sum += grey(red[i], green[i], blue[i]);
  const auto mean = static_cast<float>(sum / static_cast<double>(n));
  for (float& v : row) v = mean + change.contrast * (v - mean);
  for (std::size_t i = 0; i < n; ++i) {
    const float of_pixel = grey(red[i], green[i], blue[i]);
    for (float* v : {&red[i], &green[i], &blue[i]}) {
      *v = of_pixel + change.saturation * (*v - of_pixel);
    }
  }
  for (float& v : row) v = box.low + width * std::clamp(v, 0.0f, 1.0f);
}

}  // namespace

void Augmentation::validate() const {
  base::require_between("augment_probability", probability, 0.0, 1.0);
  base::require_at_least("augment_shift", shift, 0);
  base::require_between("augment_colour", colour, 0.0, 1.0);
}

void Augmentation::require_fitting(const std::optional<samplers::ImageShape>& shape) const {
  validate();
  if (!is_on()) return;
  if (!shape) {
    const char* key = flip ? "augment_flip" : shift > 0 ? "augment_shift" : "augment_colour";
    refuse_augmentation(
        key, flip ? "true" : base::number_text(shift > 0 ? static_cast<double>(shift) : colour),
        flip ? "false for points, which are no images" : "0 for points, which are no images");
  }
  const std::int64_t most = std::min(shape->height, shape->width) - 1;
  if (shift > most) {
    refuse_augmentation("augment_shift", std::to_string(shift),
                        "at most " + std::to_string(most) + " for images of " +
                            std::to_string(shape->height) + "x" + std::to_string(shape->width));
  }
  if (colour > 0.0 && shape->channels != 3) {
    refuse_augmentation("augment_colour", base::number_text(colour),
                        "0 for images of other than three channels, red, green and blue");
  }
}

ImageChange draw_change(const Augmentation& augmentation, base::RandomStream random) {
  ImageChange change;
  const bool mirrored = random.next_uniform() < 0.5f;
  change.flip = augmentation.flip && mirrored;
  const auto places = static_cast<std::uint64_t>(2 * augmentation.shift + 1);
  change.down = static_cast<std::int64_t>(random.next_below(places)) - augmentation.shift;
  change.right = static_cast<std::int64_t>(random.next_below(places)) - augmentation.shift;
  for (float* factor : {&change.brightness, &change.contrast, &change.saturation}) {
    const double uniform = random.next_uniform();
    *factor = static_cast<float>(1.0 + augmentation.colour * (2.0 * uniform - 1.0));
  }
  return change;
}

void apply(const ImageChange& change, const samplers::ImageShape& shape, const samplers::Box& box,
           std::span<float> row) {
  if (change.flip || change.down != 0 || change.right != 0) move_image(change, shape, row);
  const bool keeps_colours =
      change.brightness == 1.0f && change.contrast == 1.0f && change.saturation == 1.0f;
  if (!keeps_colours) recolour(change, box, row);
}

void augment(const Augmentation& augmentation, const samplers::ImageShape& shape,
             const samplers::Box& box, const base::RandomKey& key, std::int64_t iteration,
             std::span<const std::int64_t> ages, std::span<float> rows) {
  const std::size_t dim = rows.size() / ages.size();
  for (std::size_t i = 0; i < ages.size(); ++i) {
    if (ages[i] == 0) continue;
    base::RandomStream random(key, kChangeStreams + static_cast<std::uint64_t>(iteration),
                              kWordsOfARow * i);
    if (!(random.next_uniform() < augmentation.probability)) continue;
    apply(draw_change(augmentation, random), shape, box, rows.subspan(i * dim, dim));
  }
}

}  // namespace ebm::replay
