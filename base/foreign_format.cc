#include "base/foreign_format.h"

#include <array>
#include <cstddef>

namespace ebm::base {
namespace {

struct Format {
  std::size_t offset;
  std::string_view magic;
  const char* text;
};

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): it is used

constexpr std::array kFormats = {
    Format{0, "PK\x03\x04"sv, "a zip archive (.zip, .npz): unpack it"},
    Format{0, "\x1f\x8b"sv, "packed by gzip: unpack it with gunzip"},
    Format{0, "BZh"sv, "packed by bzip2: unpack it with bunzip2"},
    Format{0, "\xfd\x37zXZ\0"sv, "packed by xz: unpack it with unxz"},
    Format{0, "\x28\xb5\x2f\xfd"sv, "packed by zstd: unpack it with unzstd"},
    Format{0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive: unpack it"},
    Format{0, "Rar!"sv, "a rar archive: unpack it"},
    Format{257, "ustar"sv, "a tar archive: unpack it with tar xf"},
    Format{0, "version https://git-lfs"sv,
           "a pointer of Git LFS: the data are not here, run git lfs pull"},
    Format{0, "<!DOCTYPE"sv, "a web page: the download went wrong"},
    Format{0, "<!doctype"sv, "a web page: the download went wrong"},
    Format{0, "<html"sv, "a web page: the download went wrong"},
    Format{0, "\x89PNG\r\n\x1a\n"sv, "a PNG image"},
    Format{0, "\xff\xd8\xff"sv, "a JPEG image"},
    Format{8, "WEBP"sv, "a WebP image"},
    Format{0, "GIF8"sv, "a GIF image: convert it to PNG"},
    Format{0, "BM"sv, "a BMP image: convert it to PNG"},
    Format{0, "II*\0"sv, "a TIFF image: convert it to PNG"},
    Format{0, "MM\0*"sv, "a TIFF image: convert it to PNG"},
    Format{4, "ftypheic"sv, "a HEIC image: convert it to JPEG"},
    Format{4, "ftypmif1"sv, "a HEIC image: convert it to JPEG"},
    Format{4, "ftypavif"sv, "an AVIF image: convert it to PNG"},
    Format{0, "%PDF"sv, "a PDF document"},
    Format{0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file: save its arrays by numpy.save"},
    Format{0, "\x93NUMPY"sv, "an .npy array: give it as npy:FILE"},
    Format{0, "\x80\x02"sv, "a Python pickle: save its arrays by numpy.save"},
    Format{0, "\x80\x03"sv, "a Python pickle: save its arrays by numpy.save"},
    Format{0, "\x80\x04"sv, "a Python pickle: save its arrays by numpy.save"},
    Format{0, "\x80\x05"sv, "a Python pickle: save its arrays by numpy.save"},
    Format{0, "\0\x05\x16\x07"sv, "what macOS stores beside a file: delete it"},
};

}  // namespace

std::string foreign_format(std::string_view bytes) {
  for (const Format& format : kFormats) {
    if (bytes.size() < format.offset) continue;
    if (bytes.substr(format.offset).starts_with(format.magic)) {
      return std::string(", ") + format.text;
    }
  }
  return "";
}

}  // namespace ebm::base
