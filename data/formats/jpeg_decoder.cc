#include "data/formats/jpeg_decoder.h"

#include <jpeglib.h>
// Needs jpeglib.h.
#include <jerror.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "data/formats/bad_file.h"
#include "data/formats/exif.h"

namespace ebm::data {
namespace {

/// A progressive file may make every scan cover the whole picture at no cost of its own: about half
/// a nanosecond a pixel. Usual files have about ten scans.
constexpr std::int64_t kMaxScans = 500;
constexpr std::int64_t kMaxScannedPixels = std::int64_t{1} << 30;

/// Libjpeg takes memory for all coefficients of a progressive file before it reads them, 2 bytes
/// each. Photographs have 5 to 50 values to a byte, empty pages up to 200.
constexpr std::int64_t kFreeValues = std::int64_t{3} << 21, kValuesPerByte = 336;

constexpr int kExifMarker = JPEG_APP0 + 1;

/// All that is alive while libjpeg may jump back by longjmp: the functions below that set the jump
/// keep no objects of their own, so a jump skips no destructor.
struct JpegReader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX] = "";
  char warning[JMSG_LENGTH_MAX] = "";  // the first one
  std::vector<JSAMPLE> row;            // [width, components]

  ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
};

// C code cannot be left by an exception.
// NOLINTBEGIN(cert-err52-cpp)
extern "C" {

static void on_jpeg_error(j_common_ptr jpeg) {
  auto* reader = static_cast<JpegReader*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, reader->message);
  std::longjmp(reader->back, 1);
}

// Whether a warning of libjpeg leaves the pixels as they are. Most say that data are corrupt or
// missing; surplus bytes in front of a marker are no harm, except inside of the pixels' data. Nor
// is the end of the file where only the end marker was to come: if pixels are missing, libjpeg says
// that too, except of whole scans.
static bool is_harmless(j_common_ptr jpeg) {
  const jpeg_error_mgr& errors = *jpeg->err;
  switch (errors.msg_code) {
    case JWRN_EXTRANEOUS_DATA: {
      const int marker = errors.msg_parm.i[1];
      return marker < JPEG_RST0 || marker > JPEG_RST0 + 7;
    }
    case JWRN_JPEG_EOF:
      return jpeg->is_decompressor != 0 &&
             jpeg_has_multiple_scans(reinterpret_cast<j_decompress_ptr>(jpeg)) == FALSE;
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_ADOBE_XFORM:
      return true;
    default:
      return false;
  }
}

static void on_jpeg_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  if (!is_harmless(jpeg)) on_jpeg_error(jpeg);
  auto* reader = static_cast<JpegReader*>(jpeg->client_data);
  if (*reader->warning == '\0') jpeg->err->format_message(jpeg, reader->warning);
}

static void watch_scans(j_common_ptr jpeg) {
  const auto* decoder = reinterpret_cast<j_decompress_ptr>(jpeg);
  const std::int64_t n_pixels =
      std::int64_t{decoder->image_width} * std::int64_t{decoder->image_height};
  const std::int64_t most = std::min(kMaxScans, kMaxScannedPixels / n_pixels);
  if (decoder->input_scan_number <= most) return;
  auto* reader = static_cast<JpegReader*>(jpeg->client_data);
  std::snprintf(reader->message, sizeof(reader->message),
                "found more than %d scans of %u x %u pixels", static_cast<int>(most),
                decoder->image_width, decoder->image_height);
  std::longjmp(reader->back, 1);
}

}  // extern "C"

bool read_header(JpegReader& r, std::string_view bytes) {
  r.jpeg.err = jpeg_std_error(&r.errors);
  r.errors.error_exit = on_jpeg_error;
  r.errors.emit_message = on_jpeg_message;
  r.jpeg.client_data = &r;
  if (setjmp(r.back) != 0) return false;
  jpeg_create_decompress(&r.jpeg);
  r.progress.progress_monitor = watch_scans;
  r.jpeg.progress = &r.progress;
  jpeg_mem_src(&r.jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&r.jpeg, kExifMarker, 0xffff);
  jpeg_read_header(&r.jpeg, TRUE);
  return true;
}

bool start(JpegReader& r) {
  if (setjmp(r.back) != 0) return false;
  switch (r.jpeg.jpeg_color_space) {
    case JCS_GRAYSCALE:
      r.jpeg.out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      r.jpeg.out_color_space = JCS_CMYK;
      break;
    default:
      r.jpeg.out_color_space = JCS_RGB;  // libjpeg refuses what it cannot convert
  }
  r.jpeg.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&r.jpeg);
  return true;
}

bool read_row(JpegReader& r) {
  JSAMPLE* row = r.row.data();
  if (setjmp(r.back) != 0) return false;
  return jpeg_read_scanlines(&r.jpeg, &row, 1) == 1;
}

bool finish(JpegReader& r) {
  if (setjmp(r.back) != 0) return false;
  return jpeg_finish_decompress(&r.jpeg) == TRUE;
}
// NOLINTEND(cert-err52-cpp)

int orientation_of(const JpegReader& r) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  for (const auto* marker = r.jpeg.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view content(reinterpret_cast<const char*>(marker->data),
                                   marker->data_length);
    if (content.starts_with(kExif)) return exif_orientation(content.substr(kExif.size()));
  }
  return 1;
}

/// [width, 4] to [width, 3], in place.
void rgb_from_cmyk(std::vector<JSAMPLE>& row, bool inverted) {
  const auto light = [inverted](JSAMPLE ink) { return inverted ? ink : 255 - ink; };
  for (std::size_t pixel = 0; pixel < row.size() / 4; ++pixel) {
    const JSAMPLE* inks = row.data() + 4 * pixel;
    const int black = light(inks[3]);
    for (std::size_t c = 0; c < 3; ++c) {
      row[3 * pixel + c] = static_cast<JSAMPLE>((light(inks[c]) * black + 127) / 255);
    }
  }
}

void check_size(const JpegReader& r, std::size_t n_bytes, const std::string& file) {
  const std::string size =
      std::to_string(r.jpeg.image_width) + " x " + std::to_string(r.jpeg.image_height);
  const std::int64_t n_pixels =
      std::int64_t{r.jpeg.image_width} * std::int64_t{r.jpeg.image_height};
  if (n_pixels > kMaxPixels) {
    bad_file(file, "JPEG of " + size + " pixels, expected at most 2^26 in all");
  }
  const std::int64_t n_values = n_pixels * std::max(r.jpeg.num_components, 1);
  if (n_values > std::max(kFreeValues, kValuesPerByte * static_cast<std::int64_t>(n_bytes))) {
    const bool is_grey = r.jpeg.num_components == 1;
    bad_file(file, std::string(is_grey ? "grey " : "") + "JPEG of " + size + " pixels in " +
                       std::to_string(n_bytes) + " bytes, expected at most " +
                       (is_grey ? "3*2^21 pixels, or 336" : "2^21 pixels, or 112") +
                       " from each byte");
  }
}

}  // namespace

DecodedImage decode_jpeg(std::string_view bytes, const std::string& file) {
  JpegReader r;
  const auto fail_corrupt = [&] { bad_file(file, std::string("corrupt JPEG: ") + r.message); };
  if (!read_header(r, bytes)) fail_corrupt();
  check_size(r, bytes.size(), file);
  if (!start(r)) fail_corrupt();
  const bool is_cmyk = r.jpeg.output_components == 4;
  const std::size_t height = r.jpeg.output_height, width = r.jpeg.output_width;
  const auto components = static_cast<std::size_t>(r.jpeg.output_components);
  const std::size_t channels = is_cmyk ? 3 : components;
  r.row.resize(width * components);
  std::vector<std::uint8_t> pixels(channels * height * width);
  for (std::size_t y = 0; y < height; ++y) {
    if (!read_row(r)) fail_corrupt();
    if (is_cmyk) rgb_from_cmyk(r.row, r.jpeg.saw_Adobe_marker != 0);
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t x = 0; x < width; ++x) {
        pixels[(c * height + y) * width + x] = r.row[x * channels + c];
      }
    }
  }
  // Before the end, at which libjpeg frees the markers.
  const int orientation = orientation_of(r);
  if (!finish(r)) fail_corrupt();
  const ItemShape shape{.channels = static_cast<std::int64_t>(channels),
                        .height = static_cast<std::int64_t>(height),
                        .width = static_cast<std::int64_t>(width)};
  return {.image = {.shape = shape, .pixels = std::move(pixels)},
          .orientation = orientation,
          .warning = r.warning};
}

}  // namespace ebm::data
