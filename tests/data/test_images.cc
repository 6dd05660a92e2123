#include "tests/data/test_images.h"

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace ebm::data {

std::string png_bytes(const PngSpec& spec, const std::vector<std::uint8_t>& packed_rows) {
  std::string bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep data, png_size_t n) {
        static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<char*>(data), n);
      },
      nullptr);
  png_set_IHDR(png, info, spec.width, spec.height, spec.depth, spec.color_type,
               spec.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  std::vector<png_color> palette;
  for (std::size_t i = 0; i + 2 < spec.palette.size(); i += 3) {
    palette.push_back({spec.palette[i], spec.palette[i + 1], spec.palette[i + 2]});
  }
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  if (!spec.opacity.empty()) {
    png_set_tRNS(png, info, spec.opacity.data(), static_cast<int>(spec.opacity.size()), nullptr);
  }
  if (spec.transparent_gray >= 0) {
    png_color_16 color{};
    color.gray = static_cast<png_uint_16>(spec.transparent_gray);
    png_set_tRNS(png, info, nullptr, 0, &color);
  }
  // Indices without an entry are what some tests are about.
  png_set_check_for_invalid_index(png, 0);
  png_write_info(png, info);
  const std::size_t row_bytes = packed_rows.size() / spec.height;
  std::vector<png_bytep> rows;
  for (std::size_t y = 0; y < spec.height; ++y) {
    rows.push_back(const_cast<png_bytep>(packed_rows.data() + y * row_bytes));
  }
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

std::string jpeg_bytes(const JpegSpec& spec, const std::vector<std::uint8_t>& pixels) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* out = nullptr;
  unsigned long n_out = 0;
  jpeg_mem_dest(&jpeg, &out, &n_out);
  jpeg.image_width = spec.width;
  jpeg.image_height = spec.height;
  jpeg.input_components = spec.components;
  jpeg.in_color_space = spec.components == 1   ? JCS_GRAYSCALE
                        : spec.components == 3 ? JCS_RGB
                                               : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  if (spec.ycck) jpeg_set_colorspace(&jpeg, JCS_YCCK);
  if (spec.components == 4) jpeg.write_Adobe_marker = spec.adobe ? TRUE : FALSE;
  jpeg_set_quality(&jpeg, 100, TRUE);
  for (int c = 0; c < spec.components; ++c) {
    jpeg.comp_info[c].h_samp_factor = jpeg.comp_info[c].v_samp_factor = 1;
  }
  if (spec.progressive) jpeg_simple_progression(&jpeg);
  const jpeg_scan_info kFullScans[2] = {{1, {0}, 0, 0, 0, 0}, {1, {0}, 1, 63, 0, 0}};
  if (spec.full_scans) {
    jpeg.scan_info = kFullScans;
    jpeg.num_scans = 2;
  }
  jpeg_start_compress(&jpeg, TRUE);
  for (unsigned y = 0; y < spec.height; ++y) {
    JSAMPROW row = const_cast<JSAMPROW>(pixels.data() +
                                        y * spec.width * static_cast<unsigned>(spec.components));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string bytes(reinterpret_cast<char*>(out), n_out);
  std::free(out);
  return bytes;
}

std::string webp_bytes(int width, int height, int channels,
                       const std::vector<std::uint8_t>& pixels) {
  std::uint8_t* out = nullptr;
  const auto encode = channels == 4 ? WebPEncodeLosslessRGBA : WebPEncodeLosslessRGB;
  const std::size_t n = encode(pixels.data(), width, height, width * channels, &out);
  std::string bytes(reinterpret_cast<char*>(out), n);
  WebPFree(out);
  return bytes;
}

}  // namespace ebm::data
