#include "data/formats/image_folder.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/input_file.h"
#include "data/formats/jpeg_decoder.h"
#include "data/formats/png_decoder.h"
#include "data/image.h"
#include "data/resize.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

struct Listing {
  std::vector<fs::path> files;
  std::vector<std::int32_t> labels;      // of the files, or empty
  std::vector<std::string> class_names;  // or empty
};

bool has_image_name(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

bool is_class_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) && !path.filename().string().starts_with('.');
}

/// Appends the images in `folder` and, unless a link (which could lead round in a circle), in its
/// subfolders.
void list_images(const fs::path& folder, std::vector<fs::path>& files) {
  for (const fs::path& path : list_folder(folder)) {
    std::error_code ignored;
    if (is_class_folder(path)) {
      if (!fs::is_symlink(path, ignored)) list_images(path, files);
    } else if (has_image_name(path)) {
      files.push_back(path);
    }
  }
}

Listing list_classes(const fs::path& folder) {
  Listing listing;
  std::vector<fs::path> direct, classes;
  for (const fs::path& path : list_folder(folder)) {
    if (is_class_folder(path)) {
      classes.push_back(path);
    } else if (has_image_name(path)) {
      direct.push_back(path);
    }
  }
  fs::path empty_class;
  for (const fs::path& path : classes) {
    const std::size_t before = listing.files.size();
    list_images(path, listing.files);
    if (listing.files.size() == before && empty_class.empty()) empty_class = path;
    listing.labels.resize(listing.files.size(),
                          static_cast<std::int32_t>(listing.class_names.size()));
    listing.class_names.push_back(path.filename().string());
  }
  if (!direct.empty() && !listing.files.empty()) {
    bad_file(folder.string(), "found images both directly in it (" + direct[0].filename().string() +
                                  ") and in subfolders (" +
                                  listing.files[0].lexically_relative(folder).string() +
                                  "), expected either all in subfolders, one per class, or none");
  }
  if (!direct.empty()) return {.files = direct, .labels = {}, .class_names = {}};
  if (listing.files.empty())
    bad_file(folder.string(), "found no image, expected .png, .jpg or .jpeg files");
  if (!empty_class.empty()) bad_file(empty_class.string(), "found no image in this class folder");
  return listing;
}

void keep_class(const fs::path& folder, int klass, Listing& listing) {
  const auto n_classes = static_cast<int>(listing.class_names.size());
  if (klass < 0 || klass >= n_classes) {
    bad_file(folder.string(), "class=" + std::to_string(klass) + " leaves nothing, expected " +
                                  (n_classes == 0 ? "no class= as its images have no labels"
                                                  : "0 to " + std::to_string(n_classes - 1)));
  }
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < listing.files.size(); ++i) {
    if (listing.labels[i] == klass) files.push_back(listing.files[i]);
  }
  listing.labels.assign(files.size(), klass);
  listing.files = std::move(files);
}

Image decode(const fs::path& path) {
  const std::string bytes = read_input_file(path);
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return decode_png(bytes, path.string());
  if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, path.string());
  bad_file(path.string(), bytes.empty()
                              ? "the file is empty, expected a PNG or JPEG"
                              : "found " + base::quote(bytes.substr(0, 8), '\'') +
                                    " at offset 0, expected the first bytes of a PNG or JPEG");
}

std::string size_text(const ItemShape& shape) {
  return std::to_string(shape.width) + " x " + std::to_string(shape.height);
}

/// What was decoded so far, [n, c, h, w], as colour: grey items repeated for R, G and B.
std::vector<std::uint8_t> colored(const std::vector<std::uint8_t>& grey, std::int64_t plane) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(grey.size() * 3);
  for (auto item = grey.begin(); item != grey.end(); item += plane) {
    for (int c = 0; c < 3; ++c) rgb.insert(rgb.end(), item, item + plane);
  }
  return rgb;
}

}  // namespace

Dataset load_image_folder(const fs::path& folder, const ImageFolderOptions& options) {
  Listing listing = list_classes(folder);
  if (options.klass) keep_class(folder, *options.klass, listing);
  if (options.limit) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(*options.limit, 0));
    listing.files.resize(std::min(listing.files.size(), most));
    listing.labels.resize(std::min(listing.labels.size(), most));
  }

  Dataset dataset;
  std::vector<std::uint8_t> values;
  for (const fs::path& path : listing.files) {
    Image image = decode(path);
    if (options.gray) image = to_gray(std::move(image));
    if (options.size) image = crop_and_resize(image, *options.size);
    if (dataset.n == 0) dataset.shape = image.shape;
    if (image.shape.height != dataset.shape.height || image.shape.width != dataset.shape.width) {
      bad_file(path.string(), "found an image of " + size_text(image.shape) + " pixels, expected " +
                                  size_text(dataset.shape) + " as in " + listing.files[0].string() +
                                  "; give size= to resize all");
    }
    if (image.shape.channels == 3 && dataset.shape.channels == 1) {
      values = colored(values, dataset.shape.size());
      dataset.shape.channels = 3;
    }
    if (dataset.shape.channels == 3) image = to_color(std::move(image));
    values.insert(values.end(), image.pixels.begin(), image.pixels.end());
    ++dataset.n;
  }
  dataset.values = std::move(values);
  dataset.labels = std::move(listing.labels);
  dataset.class_names = std::move(listing.class_names);
  return dataset;
}

}  // namespace ebm::data
