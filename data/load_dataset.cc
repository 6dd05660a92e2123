#include "data/load_dataset.h"

#include <new>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "data/class_label.h"
#include "data/formats/cifar10.h"
#include "data/formats/idx_dataset.h"
#include "data/formats/input_file.h"
#include "data/formats/npy_dataset.h"
#include "data/image_folder/image_folder.h"
#include "data/image_folder/image_listing.h"
#include "data/toys.h"
#include "data/transform_dataset.h"

namespace ebm::data {
namespace {

/// Writes the defaults of the readers into `spec`.
void fill_in_defaults(DataSpec& spec) {
  const bool is_toy = spec.scheme == Scheme::kToy;
  const bool has_splits = is_toy || spec.scheme == Scheme::kFashionMnist ||
                          spec.scheme == Scheme::kCifar10 ||
                          (spec.scheme == Scheme::kIdx && is_folder(spec.target)) ||
                          (spec.scheme == Scheme::kImages && has_split_folders(spec.target));
  if (has_splits && !spec.split) spec.split = Split::kTrain;
  if (is_toy && !spec.limit) spec.limit = ToyOptions{}.n;
  if (is_toy && !spec.seed) spec.seed = ToyOptions{}.seed;
}

Dataset read(const DataSpec& spec, const OnRead& on_read) {
  switch (spec.scheme) {
    case Scheme::kFashionMnist:
      return load_fashion_mnist(spec.split);
    case Scheme::kIdx:
      return load_idx(spec.target, spec.split, spec.layout);
    case Scheme::kCifar10:
      return load_cifar10(spec.target, spec.split);
    case Scheme::kNpy:
      return load_npy(spec.target, {.layout = spec.layout, .on_read = on_read});
    case Scheme::kImages:
      return load_image_folder(spec.target, {.split = spec.split,
                                             .size = spec.size,
                                             .gray = spec.gray,
                                             .klass = spec.klass,
                                             .limit = spec.limit,
                                             .item = spec.item,
                                             .background = spec.background,
                                             .skip_bad = spec.skip_bad,
                                             .on_read = on_read});
    case Scheme::kToy:
      return draw_toy(spec.target,
                      {.n = *spec.limit, .seed = *spec.seed, .test = spec.split == Split::kTest});
  }
  throw Error(ErrorCode::kUsage, "data set " + to_string(spec) + ": unknown scheme");
}

Dataset apply_options(Dataset dataset, const DataSpec& spec) {
  // A folder of images has applied its options while reading, before the sizes were compared.
  if (spec.scheme == Scheme::kImages) return dataset;
  if (spec.klass) {
    const std::int32_t label = class_label(*spec.klass, dataset);
    dataset = keep_class(std::move(dataset), label);
  }
  if (spec.limit) dataset = keep_first(std::move(dataset), *spec.limit);
  if (spec.item) dataset = keep_item(std::move(dataset), *spec.item);
  if (spec.gray) dataset = gray_images(std::move(dataset));
  if (spec.size) dataset = resize_images(std::move(dataset), *spec.size);
  if (spec.stack) dataset = stack_images(std::move(dataset));
  return dataset;
}

}  // namespace

Dataset load_dataset(DataSpec spec, const OnRead& on_read) {
  fill_in_defaults(spec);
  Dataset dataset;
  try {
    dataset = read(spec, on_read);
    dataset.name = to_string(spec);
    dataset = apply_options(std::move(dataset), spec);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kInternal, to_string(spec) + ": out of memory while it was read");
  }
  // They name files, and names may hold anything.
  for (std::string& warning : dataset.warnings) warning = base::one_line(warning);
  return dataset;
}

Dataset load_dataset(const std::string& spec, const OnRead& on_read) {
  return load_dataset(parse_spec(spec), on_read);
}

}  // namespace ebm::data
