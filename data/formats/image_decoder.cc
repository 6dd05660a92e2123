#include "data/formats/image_decoder.h"

#include <utility>

#include "base/foreign_format.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/jpeg_decoder.h"
#include "data/formats/png_decoder.h"
#include "data/formats/webp_decoder.h"
#include "data/orientation.h"

namespace ebm::data {
namespace {

DecodedImage decode(std::string_view bytes, const std::string& file, const Color& background) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return decode_png(bytes, file, background);
  if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, file);
  if (looks_like_webp(bytes)) return decode_webp(bytes, file, background);
  if (bytes.empty()) bad_file(file, "the file is empty, expected a PNG, JPEG or WebP");
  bad_file(file, "found " + base::quote(bytes.substr(0, 8), '\'') + " at offset 0" +
                     base::foreign_format(bytes) +
                     "; expected the first bytes of a PNG, JPEG or WebP");
}

}  // namespace

DecodedImage decode_image(std::string_view bytes, const std::string& file,
                          const Color& background) {
  DecodedImage found = decode(bytes, file, background);
  found.image = oriented(std::move(found.image), std::exchange(found.orientation, 1));
  return found;
}

}  // namespace ebm::data
