#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ebm::data {

/// Shape of one item: channels, height, width. A toy point of dimension d is (d, 1, 1).
struct ItemShape {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;

  std::int64_t size() const { return channels * height * width; }
  bool operator==(const ItemShape&) const = default;
};

/// A data set in memory. Images keep their bytes (a quarter of the size of floats); toys and float
/// arrays are float32.
struct Dataset {
  std::string name;    ///< the SPEC it was read from, with its options resolved
  std::int64_t n = 0;  ///< number of items
  ItemShape shape;     ///< of one item
  /// [n, channels, height, width] in C order. uint8: grey levels 0..255. float32: images in
  /// [−1, 1], or toy coordinates.
  std::variant<std::vector<std::uint8_t>, std::vector<float>> values;
  std::vector<std::int32_t> labels;      ///< [n], or empty if the set has none
  std::vector<std::string> class_names;  ///< [n_classes], or empty

  bool is_bytes() const { return values.index() == 0; }
  /// Images live in the box [−1, 1]^d; toys do not live in a box.
  bool is_image = true;
  /// What the reader left out or had to choose, one line each:
  /// "12 files passed over: 8 .txt, 4 hidden".
  std::vector<std::string> warnings = {};
  std::vector<std::string> skipped = {};  ///< files that are not sound, left out by `skip_bad=1`
};

}  // namespace ebm::data
