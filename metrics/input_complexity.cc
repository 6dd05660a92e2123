#include "metrics/input_complexity.h"

#include <zlib.h>

#include <string>

#include "base/error.h"
#include "base/parallel.h"
#include "base/require.h"

namespace ebm::metrics {

std::vector<double> input_complexity(std::span<const std::uint8_t> images, std::int64_t n,
                                     std::int64_t dim, int n_threads) {
  base::require_at_least("n_threads", n_threads, 1);
  if (n < 1 || dim < 1 || std::ssize(images) / dim != n || std::ssize(images) % dim != 0) {
    throw Error(ErrorCode::kShape, "images [" + std::to_string(n) + ", " + std::to_string(dim) +
                                       "] hold " + std::to_string(images.size()) +
                                       " bytes: must be n times dim, both at least 1");
  }
  std::vector<double> bits(static_cast<std::size_t>(n));
  base::parallel_for(n, n_threads, [&](std::int64_t i) {
    std::vector<Bytef> packed(compressBound(static_cast<uLong>(dim)));
    uLongf size = packed.size();
    const int status = compress2(packed.data(), &size, images.data() + i * dim,
                                 static_cast<uLong>(dim), Z_BEST_COMPRESSION);
    if (status != Z_OK) {
      throw Error(ErrorCode::kInternal, "zlib could not compress image " + std::to_string(i) +
                                            ": status " + std::to_string(status));
    }
    bits[static_cast<std::size_t>(i)] = 8.0 * static_cast<double>(size) / static_cast<double>(dim);
  });
  return bits;
}

}  // namespace ebm::metrics
