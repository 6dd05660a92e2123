#include "data/formats/png_decoder.h"

#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/formats/bad_file.h"
#include "data/formats/exif.h"
#include "data/formats/gzip.h"
#include "data/formats/png_chunks.h"
#include "data/formats/transparency.h"

namespace ebm::data {
namespace {

/// All that is alive while libpng may jump back by longjmp: the functions below that set the jump
/// keep no objects of their own, so a jump skips no destructor.
struct PngReader {
  std::string_view bytes;
  std::size_t offset = 0;
  char message[160] = "";
  char warning[160] = "";  // the first one
  png_structp png = nullptr;
  png_infop info = nullptr;
  png_uint_32 width = 0, height = 0;
  int depth = 0, color_type = 0, channels = 0;
  std::vector<png_byte> pixels;  // [height, width, channels]
  std::vector<png_bytep> rows;
  png_colorp palette = nullptr;
  png_bytep opacity = nullptr;
  int n_palette = 0, n_opacity = 0;

  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
};

extern "C" {

static void on_png_error(png_structp png, png_const_charp message) {
  auto* reader = static_cast<PngReader*>(png_get_error_ptr(png));
  std::snprintf(reader->message, sizeof(reader->message), "%s", message);
  png_longjmp(png, 1);
}

// Surplus data behind the pixels are no harm; without a palette or opacity the pixels are others.
static void on_png_warning(png_structp png, png_const_charp message) {
  if (!std::string_view(message).starts_with("IDAT")) on_png_error(png, message);
  auto* reader = static_cast<PngReader*>(png_get_error_ptr(png));
  if (*reader->warning != '\0') return;
  std::snprintf(reader->warning, sizeof(reader->warning), "%s", message);
}

static void read_png_bytes(png_structp png, png_bytep out, png_size_t n) {
  auto* reader = static_cast<PngReader*>(png_get_io_ptr(png));
  if (n > reader->bytes.size() - reader->offset) png_error(png, "the file ends too early");
  std::memcpy(out, reader->bytes.data() + reader->offset, n);
  reader->offset += n;
}

}  // extern "C"

// C code cannot be left by an exception.
// NOLINTBEGIN(cert-err52-cpp)
bool read_header(PngReader& r) {
  if (setjmp(png_jmpbuf(r.png)) != 0) return false;
  png_set_read_fn(r.png, &r, read_png_bytes);
  png_set_crc_action(r.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_read_info(r.png, r.info);
  png_get_IHDR(r.png, r.info, &r.width, &r.height, &r.depth, &r.color_type, nullptr, nullptr,
               nullptr);
  return true;
}

/// Asks for 8-bit grey, grey-alpha, RGB, RGBA, or indices, one to a byte.
bool set_transforms(PngReader& r) {
  if (setjmp(png_jmpbuf(r.png)) != 0) return false;
  if (r.color_type == PNG_COLOR_TYPE_PALETTE) {
    // Looked up here and not in libpng, which takes an index without an entry for black.
    png_set_packing(r.png);
    png_get_PLTE(r.png, r.info, &r.palette, &r.n_palette);
    if (png_get_valid(r.png, r.info, PNG_INFO_tRNS) != 0) {
      png_get_tRNS(r.png, r.info, &r.opacity, &r.n_opacity, nullptr);
    }
  } else {
    png_set_expand(r.png);
    png_set_scale_16(r.png);
  }
  png_set_interlace_handling(r.png);
  png_read_update_info(r.png, r.info);
  r.channels = png_get_channels(r.png, r.info);
  return true;
}

bool read_pixels(PngReader& r) {
  if (setjmp(png_jmpbuf(r.png)) != 0) return false;
  png_read_image(r.png, r.rows.data());
  png_read_end(r.png, nullptr);
  return true;
}
// NOLINTEND(cert-err52-cpp)

/// Refuses what memory should not be taken for.
void check_size(const PngReader& r, const std::string& file) {
  const std::string size = std::to_string(r.width) + " x " + std::to_string(r.height);
  if (std::uint64_t{r.width} * r.height > std::uint64_t{kMaxPixels}) {
    bad_file(file, "PNG of " + size + " pixels, expected at most 2^26 in all");
  }
  const std::uint64_t packed_bytes = std::uint64_t{png_get_rowbytes(r.png, r.info)} * r.height;
  if (packed_bytes > max_unpacked_bytes(r.bytes.size())) {
    bad_file(file, "PNG of " + size + " pixels, more than its " + std::to_string(r.bytes.size()) +
                       " bytes can hold");
  }
}

/// Indices to [h, w, 4] with opacity last.
std::vector<png_byte> look_up_palette(const PngReader& r, const std::string& file) {
  std::vector<png_byte> rgba;
  rgba.reserve(r.pixels.size() * 4);
  for (std::size_t i = 0; i < r.pixels.size(); ++i) {
    const int index = r.pixels[i];
    if (index >= r.n_palette) {
      bad_file(file, "corrupt PNG: found palette index " + std::to_string(index) + " at pixel " +
                         std::to_string(i) + ", expected below " + std::to_string(r.n_palette));
    }
    const png_color color = r.palette[index];
    const auto alpha = static_cast<png_byte>(index < r.n_opacity ? r.opacity[index] : 255);
    rgba.insert(rgba.end(), {color.red, color.green, color.blue, alpha});
  }
  return rgba;
}

DecodedImage decoded(const PngReader& r, const std::string& file, const Color& background) {
  ItemShape shape{.channels = r.channels, .height = r.height, .width = r.width};
  if (r.color_type == PNG_COLOR_TYPE_PALETTE) {
    shape.channels = 3;
    return over_background(look_up_palette(r, file), shape, background);
  }
  if (shape.channels == 2 || shape.channels == 4) {
    --shape.channels;
    return over_background(r.pixels, shape, background);
  }
  return {.image = image_from_interleaved(r.pixels, shape)};
}

}  // namespace

DecodedImage decode_png(std::string_view bytes, const std::string& file, const Color& background) {
  const PngChunks chunks = read_png_chunks(bytes, file);
  PngReader r;
  r.bytes = chunks.pixels;
  r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, on_png_error, on_png_warning);
  r.info = r.png == nullptr ? nullptr : png_create_info_struct(r.png);
  if (r.info == nullptr) throw Error(ErrorCode::kInternal, "libpng could not be initialised");

  const auto fail_corrupt = [&] { bad_file(file, std::string("corrupt PNG: ") + r.message); };
  if (!read_header(r)) fail_corrupt();
  check_size(r, file);
  if (!set_transforms(r)) fail_corrupt();
  const std::size_t row_bytes = png_get_rowbytes(r.png, r.info);
  r.pixels.resize(row_bytes * r.height);
  for (png_uint_32 y = 0; y < r.height; ++y) r.rows.push_back(r.pixels.data() + y * row_bytes);
  if (!read_pixels(r)) fail_corrupt();

  DecodedImage found = decoded(r, file, background);
  found.orientation = exif_orientation(chunks.exif);
  found.warning = *r.warning == '\0' ? chunks.warning : r.warning;
  return found;
}

}  // namespace ebm::data
