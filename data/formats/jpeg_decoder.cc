#include "data/formats/jpeg_decoder.h"

#include <jpeglib.h>

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <vector>

#include "base/error.h"

namespace ebm::data {
namespace {

/// A progressive file may make every scan cover the whole picture at no cost of its own.
constexpr int kMaxScans = 500;

/// All that is alive while libjpeg may jump back by longjmp: the functions below that set the jump
/// keep no objects of their own, so a jump skips no destructor.
struct JpegReader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX] = "";
  std::vector<JSAMPLE> pixels;  // [height, width, components]

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

static void on_jpeg_message(j_common_ptr jpeg, int level) {
  if (level < 0) on_jpeg_error(jpeg);  // a warning: data that are corrupt or missing
}

static void watch_scans(j_common_ptr jpeg) {
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kMaxScans) return;
  auto* reader = static_cast<JpegReader*>(jpeg->client_data);
  std::snprintf(reader->message, sizeof(reader->message), "found more than %d scans", kMaxScans);
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

bool read_row(JpegReader& r, JSAMPLE* row) {
  if (setjmp(r.back) != 0) return false;
  return jpeg_read_scanlines(&r.jpeg, &row, 1) == 1;
}

bool finish(JpegReader& r) {
  if (setjmp(r.back) != 0) return false;
  return jpeg_finish_decompress(&r.jpeg) == TRUE;
}
// NOLINTEND(cert-err52-cpp)

std::vector<JSAMPLE> rgb_from_cmyk(const std::vector<JSAMPLE>& cmyk, bool inverted) {
  std::vector<JSAMPLE> rgb;
  rgb.reserve(cmyk.size() / 4 * 3);
  const auto light = [inverted](JSAMPLE ink) { return inverted ? ink : 255 - ink; };
  for (std::size_t pixel = 0; pixel < cmyk.size(); pixel += 4) {
    for (std::size_t c = 0; c < 3; ++c) {
      const int product = light(cmyk[pixel + c]) * light(cmyk[pixel + 3]);
      rgb.push_back(static_cast<JSAMPLE>((product + 127) / 255));
    }
  }
  return rgb;
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::string& file) {
  JpegReader r;
  const auto fail_corrupt = [&] {
    throw Error(ErrorCode::kBadData, file + ": corrupt JPEG: " + r.message);
  };
  if (!read_header(r, bytes)) fail_corrupt();
  if (std::uint64_t{r.jpeg.image_width} * r.jpeg.image_height > std::uint64_t{kMaxPixels}) {
    throw Error(ErrorCode::kBadData, file + ": JPEG of " + std::to_string(r.jpeg.image_width) +
                                         " x " + std::to_string(r.jpeg.image_height) +
                                         " pixels, expected at most 2^26 in all");
  }
  if (!start(r)) fail_corrupt();
  // Memory grows with the rows that are really there.
  const std::size_t row_values =
      std::size_t{r.jpeg.output_width} * static_cast<std::size_t>(r.jpeg.output_components);
  for (JDIMENSION y = 0; y < r.jpeg.output_height; ++y) {
    r.pixels.resize(r.pixels.size() + row_values);
    if (!read_row(r, r.pixels.data() + r.pixels.size() - row_values)) fail_corrupt();
  }
  if (!finish(r)) fail_corrupt();

  ItemShape shape{.channels = r.jpeg.output_components,
                  .height = r.jpeg.output_height,
                  .width = r.jpeg.output_width};
  if (shape.channels == 4) {
    shape.channels = 3;
    return image_from_interleaved(rgb_from_cmyk(r.pixels, r.jpeg.saw_Adobe_marker != 0), shape);
  }
  return image_from_interleaved(r.pixels, shape);
}

}  // namespace ebm::data
