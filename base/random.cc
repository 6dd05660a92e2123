#include "base/random.h"

#include <cmath>
#include <numbers>

namespace ebm::base {

PhiloxKey RandomKey::philox_key() const {
  const PhiloxCounter hashed =
      philox({static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
              static_cast<std::uint32_t>(domain), generation},
             {0x65626D00u, 0x6B657900u});
  return {hashed[0], hashed[1]};
}

PhiloxKey subkey(PhiloxKey key, std::uint32_t kind) {
  const PhiloxCounter hashed = philox({key[0], key[1], kind, 0}, {0x65626D00u, 0x73756200u});
  return {hashed[0], hashed[1]};
}

std::uint32_t RandomStream::next_word() {
  const std::uint64_t call = word_ / 4;
  if (!filled_ || word_ % 4 == 0) {
    buffer_ =
        philox({static_cast<std::uint32_t>(call), static_cast<std::uint32_t>(call >> 32),
                static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
               key_);
    filled_ = true;
  }
  return buffer_[word_++ % 4];
}

std::uint64_t RandomStream::next_below(std::uint64_t n) {
  const std::uint64_t high = next_word();
  const std::uint64_t low = next_word();
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>((high << 32) | low) * n) >> 64);
}

double RandomStream::next_normal() {
  const double u = (static_cast<double>(next_word()) + 0.5) * 0x1p-32;
  const double turn = static_cast<double>(next_word()) * 0x1p-32;
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * turn);
}

}  // namespace ebm::base
