#include "ebm/noise_samples.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "samplers/initial_states.h"

namespace ebm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kInitStreams = std::uint64_t{1} << 63;
/// A multiple of the 32 chains that LibTorch takes at a time, so that its groups are the same.
constexpr std::int64_t kChainsAThread = 64;
constexpr auto kPiece = std::chrono::milliseconds(200);

}  // namespace

std::optional<std::vector<float>> draw_noise_samples(samplers::ChainDriver& driver,
                                                     const NoiseSampleOptions& options,
                                                     const std::atomic<int>& stop) {
  std::vector<float> rows(static_cast<std::size_t>(options.n * options.dim));
  samplers::draw_initial_states(options.key, kInitStreams, options.dim, options.box, rows,
                                options.start_sd);
  const std::int64_t group = kChainsAThread * options.n_threads;
  std::int64_t piece = 1;  // steps
  for (std::int64_t first = 0; first < options.n; first += group) {
    const std::int64_t n_chains = std::min(group, options.n - first);
    const auto chains = std::span(rows).subspan(static_cast<std::size_t>(first * options.dim),
                                                static_cast<std::size_t>(n_chains * options.dim));
    const std::size_t context_dim = options.context.size() / static_cast<std::size_t>(options.n);
    const auto context = options.context.subspan(static_cast<std::size_t>(first) * context_dim,
                                                 static_cast<std::size_t>(n_chains) * context_dim);
    for (std::int64_t done = 0; done < options.n_steps;) {
      if (stop != 0) return std::nullopt;
      const auto start = Clock::now();
      const std::int64_t n_steps = std::min(piece, options.n_steps - done);
      driver.advance(chains, {.n_steps = n_steps,
                              .first_step = static_cast<std::uint64_t>(done),
                              .first_chain_id = static_cast<std::uint64_t>(first),
                              .key = options.key,
                              .context = context});
      done += n_steps;
      if (Clock::now() - start < kPiece) piece = std::min(2 * piece, options.n_steps);
    }
  }
  return rows;
}

}  // namespace ebm
