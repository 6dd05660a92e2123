#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "samplers/box.h"

namespace ebm::samplers {

/// Called from time to time with the fraction done, from the calling thread. @return whether to
/// continue
using AnnealingObserver = std::function<bool(double fraction)>;

/// An estimate of ln ∫exp(−E(x)/T) dx (over the box of the base, if it has one), in nats.
struct LogZEstimate {
  std::int64_t n_chains;
  double log_z;
  double se;                  ///< by the delta method; blind to regions that no chain has reached
  double mean_log_w;          ///< forward: log_z_base + this is a looser lower bound
  double ess;                 ///< of the weights, from 1 to n_chains
  double acceptance;          ///< mean over all transitions; NaN if none is accepted or rejected
  std::vector<double> log_w;  ///< [n_chains], nats
};

/// The estimate of weights: forward log Z_base + ln mean w, in reverse log Z_base − ln mean w.
/// @param log_w  [at least n_chains]; more, the copies that fill a ragged last block, are dropped
LogZEstimate log_z_estimate(std::vector<double> log_w, std::int64_t n_chains, bool is_forward,
                            double log_z_base, double acceptance);

/// Calls work(begin, end) for pieces of 0, ..., n_moves in order: with an observer of about half a
/// second, short enough to stop soon and long enough to keep chains in the cache; else one.
/// @return false if the observer stopped it
bool run_in_pieces(std::int64_t n_moves, const AnnealingObserver& observer,
                   const std::function<void(std::int64_t begin, std::int64_t end)>& work);

/// @throws Error(kShape) if the rows of a reverse run are none of dim, Error(kBadData) if a value
///         is not finite or outside the box.
void require_target_rows(std::span<const float> rows, std::int64_t dim,
                         const std::optional<Box>& box);

}  // namespace ebm::samplers
