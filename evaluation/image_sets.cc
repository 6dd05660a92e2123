#include "evaluation/image_sets.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/random.h"
#include "base/require.h"
#include "data/batch_source.h"
#include "data/class_label.h"
#include "data/data_split.h"
#include "data/item_shape.h"
#include "data/load_dataset.h"
#include "metrics/random_subset.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kMaxFitted = 5000;

/// What rows are drawn for: each has random numbers of its own.
enum Draw : std::uint64_t { kTrain = 1000, kTest, kFitted, kOther, kCut, kOtherClasses };

using Indices = std::vector<std::int64_t>;

Indices draw(std::int64_t n, std::int64_t size, std::uint64_t seed, Draw what) {
  return metrics::random_subset(n, size, seed, what, metrics::SubsetOf::kReference);
}

ImageRows rows_of(const data::Dataset& dataset, std::span<const std::int64_t> items,
                  std::string name) {
  ImageRows out{std::move(name), static_cast<std::int64_t>(items.size()), {}};
  const data::BatchSource source(dataset, {.batch_size = 1});
  const auto dim = static_cast<std::size_t>(source.dim());
  out.rows.resize(items.size() * dim);
  for (std::size_t i = 0; i < items.size(); ++i) {
    source.fill_range(items[i], 1, std::span(out.rows).subspan(i * dim, dim));
  }
  return out;
}

/// Rows of the items with their grey levels spread over their bins; none of float32 data.
ImageRows dequantized_rows_of(const data::Dataset& dataset, std::span<const std::int64_t> items,
                              std::uint64_t seed, std::string name) {
  ImageRows out{std::move(name), 0, {}};
  const auto* levels = std::get_if<std::vector<std::uint8_t>>(&dataset.values);
  if (levels == nullptr) return out;
  const std::int64_t dim = dataset.shape.size();
  std::vector<std::uint8_t> chosen;
  for (const std::int64_t i : items) {
    chosen.insert(chosen.end(), levels->begin() + i * dim, levels->begin() + (i + 1) * dim);
  }
  out.n = static_cast<std::int64_t>(items.size());
  const data::Dataset subset{.name = dataset.name,
                             .n = out.n,
                             .shape = dataset.shape,
                             .values = std::move(chosen),
                             .labels = {},
                             .class_names = {}};
  out.rows.resize(static_cast<std::size_t>(out.n * dim));
  data::BatchSource(subset, {.batch_size = out.n, .seed = seed}).fill(0, out.rows, {});
  return out;
}

void require_images(const data::Dataset& dataset) {
  if (dataset.is_image) return;
  throw Error(ErrorCode::kUsage,
              dataset.name + " holds points, which have no features; ebm eval takes images");
}

void require_images(const data::Dataset& dataset, const data::ItemShape& shape,
                    ShapeOwner owner = ShapeOwner::kModel) {
  require_images(dataset);
  data::require_shape(dataset.shape, dataset.name, shape,
                      owner == ShapeOwner::kModel ? "the model takes" : "the samples are");
}

/// Which items are for training and which stand for unseen data.
struct Split {
  const data::Dataset& train;
  const data::Dataset& test;
  Indices train_items, test_items;
};

std::vector<std::string> warnings_of(const data::Dataset& train,
                                     const std::optional<data::Dataset>& test) {
  std::vector<std::string> warnings = train.warnings;
  if (test) warnings.insert(warnings.end(), test->warnings.begin(), test->warnings.end());
  return warnings;
}

/// Images of each kind: five neighbours, and the image itself.
constexpr std::int64_t kMinImages = 6;

std::int64_t resolve_n(const Split& split, const EvaluationImageOptions& options) {
  const std::optional<std::int64_t>& n = options.n;
  const auto most = std::min(static_cast<std::int64_t>(split.train_items.size()) / 2,
                             static_cast<std::int64_t>(split.test_items.size()));
  if (n) base::require_at_least("n", *n, kMinImages);
  if (most < n.value_or(kMinImages)) {
    const std::string found = split.train.name + " has " +
                              std::to_string(split.train_items.size()) +
                              " images to compare with and to start from and " +
                              std::to_string(split.test_items.size()) + " to test with";
    throw Error(
        ErrorCode::kBadData,
        n ? "n = " + std::to_string(*n) + ": " + found + ", enough for n = " + std::to_string(most)
          : found + "; must have at least " + std::to_string(2 * kMinImages) + " and " +
                std::to_string(kMinImages));
  }
  return n.value_or(std::min(most, options.default_n));
}

float uniform(base::RandomStream& stream) { return 2.0f * stream.next_uniform() - 1.0f; }

base::RandomStream built_in_stream(std::uint64_t seed, std::uint32_t which, std::int64_t image) {
  return {{.seed = seed, .domain = base::Domain::kBuiltInSet, .generation = which},
          static_cast<std::uint64_t>(image)};
}

}  // namespace

EvaluationImages read_evaluation_images(const std::string& spec, const data::ItemShape& shape,
                                        const EvaluationImageOptions& options) {
  const data::Dataset train = data::load_dataset(spec, options.on_read);
  require_images(train, shape, options.shape_owner);
  const auto test = data::test_split_beside(spec, options.on_read);
  if (test) require_images(*test, shape, options.shape_owner);
  Split split{train, test ? *test : train, {}, {}};
  if (test) {
    split.train_items.resize(static_cast<std::size_t>(train.n));
    split.test_items.resize(static_cast<std::size_t>(test->n));
    std::iota(split.train_items.begin(), split.train_items.end(), 0);
    std::iota(split.test_items.begin(), split.test_items.end(), 0);
  } else {
    split.train_items = draw(train.n, train.n, options.seed, kCut);
    const auto two_thirds = static_cast<std::ptrdiff_t>(train.n * 2 / 3);
    split.test_items.assign(split.train_items.begin() + two_thirds, split.train_items.end());
    split.train_items.resize(static_cast<std::size_t>(two_thirds));
  }
  const std::int64_t n = resolve_n(split, options);
  const auto pick = [&](const Indices& items, std::int64_t size, Draw what) {
    Indices out = draw(static_cast<std::int64_t>(items.size()), size, options.seed, what);
    for (std::int64_t& i : out) i = items[static_cast<std::size_t>(i)];
    return out;
  };
  const Indices from_train = pick(split.train_items, 2 * n, kTrain);
  const Indices from_test = pick(split.test_items, n, kTest);
  const auto n_fitted = std::min(kMaxFitted, static_cast<std::int64_t>(split.train_items.size()));
  const Indices fitted = pick(split.train_items, n_fitted, kFitted);
  const std::span<const std::int64_t> both(from_train);
  const auto first = static_cast<std::size_t>(n);
  return {.train_name = train.name,
          .test_name = test ? test->name : "a third of " + train.name,
          .reference = rows_of(train, both.first(first), "training images"),
          .starts = rows_of(train, both.subspan(first), "other training images"),
          .test = rows_of(split.test, from_test, "test images"),
          .dequantized_test =
              dequantized_rows_of(split.test, from_test, options.seed, "dequantised test images"),
          .fitted = rows_of(train, fitted, "training images"),
          .warnings = warnings_of(train, test)};
}

data::Dataset read_samples(const std::string& spec, std::int64_t n, const data::OnRead& on_read) {
  data::Dataset dataset = data::load_dataset(spec, on_read);
  require_images(dataset);
  if (dataset.n < n) {
    throw Error(ErrorCode::kBadData, "n = " + std::to_string(n) + ": " + dataset.name + " has " +
                                         std::to_string(dataset.n) + " images");
  }
  return dataset;
}

ImageRows random_images(const data::Dataset& dataset, std::int64_t n, std::uint64_t seed,
                        const std::string& name) {
  ImageRows rows = rows_of(dataset, draw(dataset.n, n, seed, kOther), name);
  rows.warnings = dataset.warnings;
  return rows;
}

ImageRows read_other_images(const std::string& spec, const data::ItemShape& shape, std::int64_t n,
                            std::uint64_t seed) {
  const data::Dataset dataset = data::load_dataset(spec);
  require_images(dataset, shape);
  return random_images(dataset, std::min(n, dataset.n), seed, spec);
}

std::optional<ImageRows> read_other_classes(const std::string& spec, const data::ItemShape& shape,
                                            std::int64_t n, std::uint64_t seed) {
  data::DataSpec all = data::parse_spec(spec);
  if (!all.klass) return std::nullopt;
  const std::string klass = *all.klass;
  all.klass.reset();
  all.limit.reset();
  all.item.reset();
  const auto test = data::test_split_beside(data::to_string(all));
  data::Dataset dataset = test ? *test : data::load_dataset(all);
  require_images(dataset, shape);
  const std::int32_t trained = data::class_label(klass, dataset);
  Indices items;
  for (std::int64_t i = 0; i < dataset.n; ++i) {
    if (dataset.labels.at(static_cast<std::size_t>(i)) != trained) items.push_back(i);
  }
  if (items.empty()) return std::nullopt;
  const auto n_found = static_cast<std::int64_t>(items.size());
  Indices chosen = draw(n_found, std::min(n, n_found), seed, kOtherClasses);
  for (std::int64_t& i : chosen) i = items[static_cast<std::size_t>(i)];
  return rows_of(dataset, chosen, "other classes");
}

ImageRows uniform_images(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
  ImageRows out{"uniform-noise", n, std::vector<float>(static_cast<std::size_t>(n * dim))};
  for (std::int64_t i = 0; i < n; ++i) {
    base::RandomStream stream = built_in_stream(seed, 0, i);
    float* row = out.rows.data() + i * dim;
    std::generate_n(row, dim, [&] { return uniform(stream); });
  }
  return out;
}

std::vector<ImageRows> built_in_sets(const ImageRows& test, const data::ItemShape& shape,
                                     std::uint64_t seed) {
  const std::int64_t dim = shape.size(), plane = shape.height * shape.width;
  ImageRows constant = test, inverted = test, flipped = test, shuffled = test;
  constant.name = "constant";
  inverted.name = "inverted";
  flipped.name = "flipped";
  shuffled.name = "pixel-shuffled";
  Indices order(static_cast<std::size_t>(plane));
  for (std::int64_t i = 0; i < test.n; ++i) {
    const float* from = test.rows.data() + i * dim;
    base::RandomStream level = built_in_stream(seed, 1, i), swaps = built_in_stream(seed, 2, i);
    std::fill_n(constant.rows.data() + i * dim, dim, uniform(level));
    std::iota(order.begin(), order.end(), 0);
    for (std::int64_t k = plane - 1; k > 0; --k) {
      const auto other = swaps.next_below(static_cast<std::uint64_t>(k + 1));
      std::swap(order[static_cast<std::size_t>(k)], order[other]);
    }
    for (std::int64_t j = 0; j < dim; ++j) {
      const std::int64_t channel = j / plane, y = j % plane / shape.width, x = j % shape.width;
      const std::int64_t mirrored = (shape.height - 1 - y) * shape.width + x;
      inverted.rows[static_cast<std::size_t>(i * dim + j)] = -from[j];
      flipped.rows[static_cast<std::size_t>(i * dim + j)] = from[channel * plane + mirrored];
      shuffled.rows[static_cast<std::size_t>(i * dim + j)] =
          from[channel * plane + order[static_cast<std::size_t>(j % plane)]];
    }
  }
  std::vector<ImageRows> sets;
  sets.push_back(uniform_images(test.n, dim, seed));
  for (ImageRows* set : {&constant, &inverted, &flipped, &shuffled}) {
    sets.push_back(std::move(*set));
  }
  return sets;
}

std::vector<ImageRows> read_ood_sets(const EvaluationImages& images, const data::ItemShape& shape,
                                     const std::string& data, const std::vector<std::string>& specs,
                                     std::uint64_t seed) {
  std::vector<ImageRows> sets = built_in_sets(images.test, shape, seed);
  const std::int64_t n = images.reference.n;
  if (auto classes = read_other_classes(data, shape, n, seed)) sets.push_back(std::move(*classes));
  for (const std::string& spec : specs) sets.push_back(read_other_images(spec, shape, n, seed));
  return sets;
}

}  // namespace ebm::evaluation
