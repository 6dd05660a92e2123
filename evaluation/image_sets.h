#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/on_read.h"

namespace ebm::evaluation {

/// Images in [−1, 1].
struct ImageRows {
  std::string name;  ///< in tables and messages
  std::int64_t n = 0;
  std::vector<float> rows;                 ///< [n, dim]
  std::vector<std::string> warnings = {};  ///< of the data set that they come from
};

/// The data that a model is compared with; no image has two roles.
struct EvaluationImages {
  std::string train_name, test_name;  ///< SPECs in full, with the defaults that they left open
  ImageRows reference;                ///< n training images
  ImageRows starts;                   ///< n other training images, for chains to start from
  ImageRows test;                     ///< n images that no model was trained on
  /// The test images with their grey levels spread over their bins, in another order; no rows if
  /// the data are float32, which have no levels.
  ImageRows dequantized_test;
  /// Up to 5000 training images, which may have other roles too, that a Gaussian is fitted to.
  ImageRows fitted;
  std::vector<std::string> warnings = {};  ///< of the data sets
};

/// What has the shape that images must have, for messages.
enum class ShapeOwner { kModel, kSamples };

struct EvaluationImageOptions {
  std::optional<std::int64_t> n = std::nullopt;  ///< unset: default_n, or fewer if there are fewer
  std::uint64_t seed = 0;
  std::int64_t default_n = 2000;
  ShapeOwner shape_owner = ShapeOwner::kModel;
  data::OnRead on_read = {};
};

/// Reads the images, rows drawn at random. A set without a test split is cut at random: a
/// third of it then stands for unseen images.
/// @param shape  of the images that the model takes
/// @throws Error(kUsage) if the set holds points; Error(kShape) for images of another shape;
///         Error(kBadData) if there are fewer images than n needs; what reading a data set throws.
EvaluationImages read_evaluation_images(const std::string& spec, const data::ItemShape& shape,
                                        const EvaluationImageOptions& options);

/// Reads samples, of a generator or of another program.
/// @param n  how many are needed
/// @throws Error(kUsage) if they are points; Error(kBadData) if there are fewer than n; what
/// reading
///         a data set throws
data::Dataset read_samples(const std::string& spec, std::int64_t n,
                           const data::OnRead& on_read = {});

/// n random images of a data set that has at least n.
ImageRows random_images(const data::Dataset& dataset, std::int64_t n, std::uint64_t seed,
                        const std::string& name);

/// At most n random images of an OOD data set.
/// @throws as read_evaluation_images, but takes any number of images
ImageRows read_other_images(const std::string& spec, const data::ItemShape& shape, std::int64_t n,
                            std::uint64_t seed);

/// At most n random images of the classes that the `class=` of a SPEC leaves out, of the test split
/// if there is one; nothing if the SPEC has no `class=`, or all images are of that class.
/// @throws as read_other_images
std::optional<ImageRows> read_other_classes(const std::string& spec, const data::ItemShape& shape,
                                            std::int64_t n, std::uint64_t seed);

/// OOD images made of test images or of noise, n of each:
///   uniform-noise   every value U(−1, 1)
///   constant        one value U(−1, 1) for the whole image
///   inverted        −x
///   flipped         upside down
///   pixel-shuffled  the pixels of each image in an order of its own, channels together
std::vector<ImageRows> built_in_sets(const ImageRows& test, const data::ItemShape& shape,
                                     std::uint64_t seed);

/// The built-in sets, the classes that the data leave out, and sets of the user's.
/// @param data   SPEC of the training data
/// @param specs  of the user's sets
/// @throws as read_other_images
std::vector<ImageRows> read_ood_sets(const EvaluationImages& images, const data::ItemShape& shape,
                                     const std::string& data, const std::vector<std::string>& specs,
                                     std::uint64_t seed);

/// n images whose values are U(−1, 1).
ImageRows uniform_images(std::int64_t n, std::int64_t dim, std::uint64_t seed);

}  // namespace ebm::evaluation
