#include "data/formats/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace ebm::data {
namespace {

constexpr std::size_t kPieceBytes = 1 << 18;
constexpr std::size_t kMaxAtOnce = 1 << 30;  // zlib counts in 32 bits

}  // namespace

/// An inflate state that is freed with its scope.
struct GzipReader::Inflater {
  Inflater() {
    constexpr int kGzipWithLargestWindow = 15 + 16;
    if (inflateInit2(&stream, kGzipWithLargestWindow) != Z_OK) {
      throw Error(ErrorCode::kInternal, "zlib could not be initialised");
    }
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
};

bool looks_gzipped(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::uint64_t max_unpacked_bytes(std::uint64_t packed_bytes) { return 1032 * packed_bytes; }

GzipReader::GzipReader(const InputFile& packed, std::string file)
    : input_(&packed),
      piece_(kPieceBytes),
      file_(std::move(file)),
      size_(packed.size()),
      inflater_(std::make_unique<Inflater>()) {}

GzipReader::GzipReader(std::string_view packed, std::string file)
    : rest_(packed),
      file_(std::move(file)),
      size_(packed.size()),
      n_taken_(packed.size()),
      inflater_(std::make_unique<Inflater>()) {}

GzipReader::~GzipReader() = default;

void GzipReader::fail(const std::string& what) const {
  throw Error(ErrorCode::kBadData, file_ + ": " + what + " at offset " + std::to_string(n_read_));
}

void GzipReader::refill() {
  if (input_ == nullptr) return;
  std::copy(rest_.begin(), rest_.end(), piece_.begin());
  const auto n = static_cast<std::size_t>(
      std::min<std::uint64_t>(piece_.size() - rest_.size(), size_ - n_taken_));
  input_->read(n_taken_, std::as_writable_bytes(std::span(piece_).subspan(rest_.size(), n)));
  n_taken_ += n;
  rest_ = {piece_.data(), rest_.size() + n};
}

bool GzipReader::begin_member() {
  // Zeros to the end are the padding of tapes and blocks, which gunzip leaves out, too.
  while (!rest_.empty() && rest_.find_first_not_of('\0') == std::string_view::npos) {
    n_read_ += rest_.size();
    rest_ = {};
    refill();
  }
  if (n_read_ == size_) return false;
  if (rest_.size() < 2) refill();
  if (!looks_gzipped(rest_)) {
    fail(std::to_string(size_ - n_read_) +
         " bytes that are not gzip follow the end of the gzip data");
  }
  inflateReset(&inflater_->stream);
  return true;
}

std::size_t GzipReader::read(std::span<std::uint8_t> out) {
  z_stream& stream = inflater_->stream;
  std::size_t filled = 0;
  while (filled < out.size() && !is_at_end_) {
    if (rest_.empty()) refill();
    const std::size_t room_in = std::min(rest_.size(), kMaxAtOnce);
    const std::size_t room_out = std::min(out.size() - filled, kMaxAtOnce);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(rest_.data()));
    stream.avail_in = static_cast<uInt>(room_in);
    stream.next_out = out.data() + filled;
    stream.avail_out = static_cast<uInt>(room_out);
    const int status = inflate(&stream, Z_NO_FLUSH);
    rest_.remove_prefix(room_in - stream.avail_in);
    n_read_ += room_in - stream.avail_in;
    filled += room_out - stream.avail_out;
    if (status == Z_OK) continue;
    if (status == Z_BUF_ERROR) fail("truncated gzip data: the file ends");
    if (status != Z_STREAM_END) {
      fail("corrupt gzip data" + (stream.msg == nullptr ? "" : std::string(": ") + stream.msg) +
           ",");
    }
    is_at_end_ = !begin_member();
  }
  return filled;
}

}  // namespace ebm::data
