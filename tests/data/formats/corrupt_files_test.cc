#include <algorithm>
#include <functional>

#include "base/random.h"
#include "data/formats/cifar10.h"
#include "data/formats/idx_dataset.h"
#include "data/formats/jpeg_decoder.h"
#include "data/formats/npy.h"
#include "data/formats/png_decoder.h"
#include "data/formats/webp_decoder.h"
#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes ramp(std::size_t n) {
  Bytes values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<std::uint8_t>(i * i * 31 + i);
  return values;
}

/// Flips, overwrites, cuts or lengthens `bytes` at a place that depends on `round`.
std::string damaged(std::string bytes, std::uint64_t round) {
  base::RandomStream stream({.seed = 20, .domain = base::Domain::kToyData}, round);
  const auto at = static_cast<std::size_t>(stream.next_below(bytes.size()));
  switch (stream.next_below(4)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << stream.next_below(8));
      break;
    case 1:
      for (std::size_t i = at; i < std::min(at + 4, bytes.size()); ++i) {
        bytes[i] = static_cast<char>(stream.next_word());
      }
      break;
    case 2:
      bytes.resize(at);
      break;
    default:
      bytes.insert(at, 1, static_cast<char>(stream.next_word()));
  }
  return bytes;
}

class CorruptFilesTest : public FilesTest {
 protected:
  /// Reads 300 damaged copies. Each has to be read or refused with an Error of one line; most of
  /// the damage has to be noticed where a format has checksums.
  void survive(const std::string& bytes, int least_refused,
               const std::function<void(const std::string&)>& read) {
    EXPECT_NO_THROW(read(bytes));
    int refused = 0;
    for (std::uint64_t round = 0; round < 300; ++round) {
      try {
        read(damaged(bytes, round));
      } catch (const Error& error) {
        ++refused;
        EXPECT_EQ(exit_code(error.code()), 65) << error.what();
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      }
    }
    EXPECT_GE(refused, least_refused);
  }
};

TEST_F(CorruptFilesTest, PackedIdxIsReadOrRefused) {
  survive(gzipped(idx_bytes({5, 8, 8}, text_of(ramp(320)))), 250,
          [this](const std::string& bytes) { load_idx(write("idx.gz", bytes), std::nullopt); });
}

TEST_F(CorruptFilesTest, PlainIdxIsReadOrRefused) {
  survive(idx_bytes({5, 2, 2}, text_of(ramp(20))), 150,
          [this](const std::string& bytes) { load_idx(write("idx", bytes), std::nullopt); });
}

TEST_F(CorruptFilesTest, NpyIsReadOrRefused) {
  survive(npy_bytes(std::vector<float>(12, 0.5f), std::vector<std::int64_t>{3, 2, 2}), 150,
          [](const std::string& bytes) { parse_npy(bytes, "f"); });
}

TEST_F(CorruptFilesTest, PngIsReadOrRefused) {
  const auto read = [](const std::string& bytes) { decode_png(bytes, "f"); };
  survive(png_bytes({.width = 9, .height = 9, .color_type = 6}, ramp(324)), 250, read);
  survive(png_bytes({.width = 9, .height = 9, .interlaced = true}, ramp(81)), 250, read);
  survive(png_bytes({.width = 9, .height = 9, .color_type = 3, .palette = ramp(768)}, ramp(81)),
          250, read);
}

TEST_F(CorruptFilesTest, JpegIsReadOrRefused) {
  // JPEG has no checksums: a flipped bit mostly decodes to other pixels.
  const auto read = [](const std::string& bytes) { decode_jpeg(bytes, "f"); };
  for (const bool progressive : {false, true}) {
    for (const int components : {1, 3, 4}) {
      const JpegSpec spec = {
          .width = 9, .height = 9, .components = components, .progressive = progressive};
      survive(jpeg_bytes(spec, ramp(81 * static_cast<std::size_t>(components))), 75, read);
    }
  }
}

TEST_F(CorruptFilesTest, WebpIsReadOrRefused) {
  // No checksums either.
  const auto read = [](const std::string& bytes) { decode_webp(bytes, "f"); };
  survive(webp_bytes(9, 9, 4, ramp(324)), 75, read);
  survive(webp_bytes(9, 9, 3, ramp(243)), 75, read);
}

TEST_F(CorruptFilesTest, CifarIsReadOrRefused) {
  survive(std::string(1, '\3') + text_of(ramp(3072)), 100, [this](const std::string& bytes) {
    write("test_batch.bin", bytes);
    load_cifar10(folder_, Split::kTest);
  });
}

}  // namespace
}  // namespace ebm::data
