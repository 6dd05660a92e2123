#include "data/image_folder/image_folder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/path_kind.h"
#include "base/quote.h"
#include "base/system/freed_memory.h"
#include "data/class_label.h"
#include "data/formats/bad_file.h"
#include "data/formats/data_memory.h"
#include "data/formats/image_decoder.h"
#include "data/formats/input_file.h"
#include "data/image_folder/image_listing.h"
#include "data/resize.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

void keep_class(const fs::path& folder, const std::string& klass, ImageListing& listing) {
  const auto n_classes = static_cast<std::int32_t>(listing.class_names.size());
  if (n_classes == 0) {
    bad_file(folder.string(), "class=" + klass +
                                  " leaves nothing, expected no class= as its images have no "
                                  "labels");
  }
  const std::int32_t label =
      class_label(klass, folder.string(), listing.class_names, listing.warnings);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < listing.files.size(); ++i) {
    if (listing.labels[i] == label) places.push_back(i);
  }
  if (places.empty()) {
    bad_file(folder.string(), "class=" + klass +
                                  " leaves nothing, expected a class with images, 0 to " +
                                  std::to_string(n_classes - 1));
  }
  listing.labels.assign(places.size(), label);
  listing.files = listing.files.at(places);
}

void keep_item(const fs::path& folder, std::int64_t item, std::optional<std::int64_t> limit,
               ImageListing& listing) {
  const std::int64_t n =
      std::min(static_cast<std::int64_t>(listing.files.size()), limit.value_or(item + 1));
  if (item >= n) {
    bad_file(folder.string(), "item=" + std::to_string(item) + " is not there, expected 0 to " +
                                  std::to_string(n - 1));
  }
  const auto i = static_cast<std::size_t>(item);
  listing.files = listing.files.at({i});
  if (!listing.labels.empty()) listing.labels = {listing.labels[i]};
}

std::string size_text(const ItemShape& shape) {
  return std::to_string(shape.width) + " x " + std::to_string(shape.height);
}

/// Names of files in a warning: the first few, with what is wrong with the first.
class NamedFiles {
 public:
  void add(const std::string& file) {
    ++n_;
    if (n_ <= kMaxNamed) names_ += (n_ == 1 ? "" : ", ") + file;
  }
  bool empty() const { return n_ == 0; }
  /// "2 WHAT: a.png, b.png"
  std::string text(const std::string& what_of_one, const std::string& what_of_many) const {
    const std::int64_t more = n_ - kMaxNamed;
    return base::one_line(std::to_string(n_) + " " + (n_ == 1 ? what_of_one : what_of_many) + ": " +
                          names_ + (more > 0 ? " and " + std::to_string(more) + " more" : ""));
  }

 private:
  static constexpr std::int64_t kMaxNamed = 5;
  std::int64_t n_ = 0;
  std::string names_;
};

/// The items read so far.
class ItemCollector {
 public:
  /// @param n_files  to be read
  /// @param folder   for messages
  ItemCollector(std::size_t n_files, std::string folder)
      : n_files_(n_files), folder_(std::move(folder)) {}

  std::int64_t n() const { return n_; }

  void add(Image image, const std::string& file) {
    if (n_ == 0) {
      shape_ = image.shape;
      first_ = file;
      require_memory();
      values_.reserve(n_files_ * static_cast<std::size_t>(shape_.size()));
    }
    if (image.shape.height != shape_.height || image.shape.width != shape_.width) {
      bad_file(file, "found an image of " + size_text(image.shape) + " pixels, expected " +
                         size_text(shape_) + " as in " + first_ + "; give size= to resize all");
    }
    if (image.shape.channels == 3 && shape_.channels == 1) become_color();
    if (shape_.channels == 3) image = to_color(std::move(image));
    values_.insert(values_.end(), image.pixels.begin(), image.pixels.end());
    ++n_;
  }

  void move_to(Dataset& dataset) {
    dataset.n = n_;
    dataset.shape = shape_;
    dataset.values = std::move(values_);
  }

 private:
  /// @throws Error(kUsage) if there is none for all files
  void require_memory() const {
    require_memory_for(
        folder_,
        {static_cast<std::int64_t>(n_files_), shape_.channels, shape_.height, shape_.width}, 1);
  }

  /// Repeats each grey plane for R, G and B, from the last on, in place: no second copy of the set.
  void become_color() {
    const auto plane = static_cast<std::size_t>(shape_.size());
    shape_.channels = 3;
    require_memory();
    values_.reserve(n_files_ * plane * 3);
    values_.resize(static_cast<std::size_t>(n_) * plane * 3);
    for (std::size_t item = static_cast<std::size_t>(n_); item-- > 0;) {
      const std::uint8_t* from = values_.data() + item * plane;
      for (std::size_t c = 3; c-- > 0;) {
        std::memmove(values_.data() + (3 * item + c) * plane, from, plane);
      }
    }
  }

  std::size_t n_files_;
  std::string folder_;
  std::int64_t n_ = 0;
  ItemShape shape_;
  std::string first_;
  std::vector<std::uint8_t> values_;
};

/// What is said about the files when all are read.
struct Findings {
  NamedFiles odd, bad;
  std::string first_odd, first_bad;
  std::int64_t n_transparent = 0;
};

/// Nothing for a file that `skip_bad` leaves out.
std::optional<Image> read_image(const std::string& file, const ImageFolderOptions& options,
                                Findings& findings, std::vector<std::string>& skipped) {
  try {
    DecodedImage found =
        decode_image(read_input_file(file), file, options.background.value_or(Color{}));
    if (!found.warning.empty()) {
      if (findings.odd.empty()) findings.first_odd = found.warning;
      findings.odd.add(file);
    }
    if (found.has_transparency) ++findings.n_transparent;
    if (options.gray) found.image = to_gray(std::move(found.image));
    if (options.size) found.image = crop_and_resize(found.image, *options.size);
    return std::move(found.image);
  } catch (const Error& error) {
    const bool is_bad = error.code() == ErrorCode::kBadData ||
                        error.code() == ErrorCode::kNoInput || base::is_broken_link(file);
    if (!options.skip_bad || !is_bad) throw;
    if (findings.bad.empty()) findings.first_bad = error.what();
    findings.bad.add(file);
    skipped.push_back(file);
    return std::nullopt;
  }
}

void add_warnings(const Findings& findings, const ImageFolderOptions& options,
                  std::vector<std::string>& warnings) {
  if (!findings.bad.empty()) {
    warnings.push_back(
        findings.bad.text("file skipped as not sound", "files skipped as not sound") +
        "; the first: " + findings.first_bad);
  }
  if (!findings.odd.empty()) {
    warnings.push_back(findings.odd.text("file read despite a fault beside its pixels",
                                         "files read despite a fault beside their pixels") +
                       "; the first: " + base::one_line(findings.first_odd));
  }
  if (findings.n_transparent > 0 && !options.background) {
    warnings.push_back(std::to_string(findings.n_transparent) +
                       (findings.n_transparent == 1 ? " image has" : " images have") +
                       " transparent pixels, shown over black; background= chooses another colour");
  }
}

}  // namespace

Dataset load_image_folder(const fs::path& folder, const ImageFolderOptions& options) {
  ImageListing listing = list_images(folder, options.split);
  if (options.klass) keep_class(folder, *options.klass, listing);
  if (options.item) keep_item(folder, *options.item, options.limit, listing);
  const std::size_t n_listed = listing.files.size();
  const auto limit = static_cast<std::size_t>(
      std::max<std::int64_t>(options.limit.value_or(static_cast<std::int64_t>(n_listed)), 0));
  const std::size_t n_wanted = std::min(n_listed, limit);

  // Listing took as much memory as some thousand small images.
  base::give_back_freed_memory();
  Dataset dataset;
  ItemCollector items(n_wanted, folder.string());
  Findings findings;
  for (std::size_t i = 0; i < n_listed && items.n() < static_cast<std::int64_t>(n_wanted); ++i) {
    const std::string file = listing.files[i];
    auto image = read_image(file, options, findings, dataset.skipped);
    if (options.on_read) {
      options.on_read(std::min(1.0, static_cast<double>(i + 1) / static_cast<double>(n_wanted)));
    }
    if (!image) continue;
    items.add(std::move(*image), file);
    if (!listing.labels.empty()) dataset.labels.push_back(listing.labels[i]);
  }
  if (items.n() == 0 && n_wanted > 0) {
    bad_file(folder.string(), "none of its " + std::to_string(n_listed) +
                                  " images is sound; the first: " + findings.first_bad);
  }
  items.move_to(dataset);
  dataset.class_names = std::move(listing.class_names);
  dataset.warnings = std::move(listing.warnings);
  add_warnings(findings, options, dataset.warnings);
  return dataset;
}

}  // namespace ebm::data
