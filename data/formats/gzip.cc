#include "data/formats/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "base/error.h"

namespace ebm::data {
namespace {

/// An inflate state that is freed with its scope.
class Inflater {
 public:
  Inflater() {
    constexpr int kGzipWithLargestWindow = 15 + 16;
    if (inflateInit2(&stream_, kGzipWithLargestWindow) != Z_OK) {
      throw Error(ErrorCode::kInternal, "zlib could not be initialised");
    }
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

[[noreturn]] void fail(const std::string& file, const std::string& what, std::size_t offset) {
  throw Error(ErrorCode::kBadData, file + ": " + what + " at offset " + std::to_string(offset));
}

/// Unpacks until the end of the last member, or until `limit` bytes are there if `prefix_only`.
std::vector<std::uint8_t> unpack(std::string_view packed, const std::string& file,
                                 std::size_t limit, bool prefix_only) {
  constexpr std::size_t kMinGrowth = 1 << 16;
  constexpr std::size_t kMaxAtOnce = 1 << 30;  // zlib counts in 32 bits
  constexpr std::size_t kUsualRatio = 16;
  // One byte above the limit tells "exactly that many" from "more".
  const std::size_t most = prefix_only ? limit : limit + 1;
  Inflater inflater;
  z_stream& stream = inflater.stream();
  std::vector<std::uint8_t> out;
  // In one piece where that can be: growing copies. Reserved memory is not used before it is
  // filled.
  out.reserve(std::min(most, kUsualRatio * packed.size()));
  std::size_t read = 0, filled = 0;
  while (filled < most) {
    if (filled == out.size()) {
      out.resize(filled + std::min(std::max(filled, kMinGrowth), most - filled));
    }
    const std::size_t room_in = std::min(packed.size() - read, kMaxAtOnce);
    const std::size_t room_out = std::min(out.size() - filled, kMaxAtOnce);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data())) + read;
    stream.avail_in = static_cast<uInt>(room_in);
    stream.next_out = out.data() + filled;
    stream.avail_out = static_cast<uInt>(room_out);
    const int status = inflate(&stream, Z_NO_FLUSH);
    read += room_in - stream.avail_in;
    filled += room_out - stream.avail_out;
    if (status == Z_OK) continue;
    if (status == Z_BUF_ERROR) fail(file, "truncated gzip data: the file ends", read);
    if (status != Z_STREAM_END) {
      const std::string reason = stream.msg == nullptr ? "" : std::string(": ") + stream.msg;
      fail(file, "corrupt gzip data" + reason + ",", read);
    }
    if (read == packed.size()) break;
    if (!looks_gzipped(packed.substr(read))) {
      fail(file,
           std::to_string(packed.size() - read) +
               " bytes that are not gzip follow the end of the gzip data",
           read);
    }
    inflateReset(&stream);
  }
  if (!prefix_only && filled > limit) {
    fail(file, "unpacks to more than the expected " + std::to_string(limit) + " bytes,", read);
  }
  out.resize(filled);
  return out;
}

}  // namespace

bool looks_gzipped(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::uint64_t max_unpacked_bytes(std::uint64_t packed_bytes) { return 1032 * packed_bytes; }

std::vector<std::uint8_t> gunzip(std::string_view packed, const std::string& file,
                                 std::size_t limit) {
  return unpack(packed, file, limit, false);
}

std::vector<std::uint8_t> gunzip_prefix(std::string_view packed, const std::string& file,
                                        std::size_t n) {
  return unpack(packed, file, n, true);
}

}  // namespace ebm::data
