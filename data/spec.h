#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/image.h"
#include "data/layout.h"
#include "data/split.h"

namespace ebm::data {

enum class Scheme { kFashionMnist, kIdx, kCifar10, kImages, kNpy, kToy };

/// A data set as named on the command line: `SCHEME[:TARGET][#KEY=VALUE,...]`
///   fashion-mnist           split, limit, class, item, size, gray, stack
///   idx:FOLDER_OR_FILE      split, limit, class, item, size, gray, stack, layout
///   cifar10:FOLDER          split, limit, class, item, size, gray, stack
///   images:FOLDER_OR_FILE   split, limit, class, item, size, gray, background, skip_bad
///   npy:FILE                limit, item, layout
///   toy:NAME                split, limit, item, seed
struct DataSpec {
  Scheme scheme = Scheme::kFashionMnist;
  std::string target;  ///< empty for fashion-mnist; a path without ~
  std::optional<Split> split;
  std::optional<std::int64_t> limit;  ///< at most so many items, from 1 on; after `class`
  std::optional<std::string> klass;   ///< only items of this class: label or name (class_label.h)
  std::optional<std::int64_t> item = std::nullopt;  ///< only this one of those, counted from 0
  std::optional<int> size;                          ///< images become size x size, 1 to 4096
  bool gray = false;                                ///< images become grey; gray=0 or gray=1
  bool stack = false;               ///< three grey images as the channels of one; after all others
  std::optional<Layout> layout;     ///< of images with channels in an array
  std::optional<Color> background;  ///< behind images with transparent pixels
  bool skip_bad = false;            ///< leave out images that are not sound
  std::optional<std::uint64_t> seed;  ///< of the draw of a toy

  bool operator==(const DataSpec&) const = default;
};

/// Parses a SPEC. In a path, the part after the last '#' is a list of options if it is empty or
/// holds a '=' and no '/'; a path that itself ends like that needs one more '#' at its end. A path
/// that begins with ~/ lies in the folder named by the variable HOME: no shell replaces a ~ behind
/// `images:`.
/// @throws Error(kUsage) naming the SPEC, the option, the value found and the values allowed.
DataSpec parse_spec(const std::string& spec);

/// The SPEC that parses to `spec`, its options in a fixed order.
std::string to_string(const DataSpec& spec);

/// Where a SPEC or a file can be named: "photo.png#gray=1" is images:photo.png#gray=1 and "x.npy"
/// is npy:x.npy. Other text stays as it is; throws Error(kNoInput) if FILE.png is not there.
std::string spec_or_file(const std::string& text);

}  // namespace ebm::data
