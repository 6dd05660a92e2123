#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace ebm::samplers {

/// A read-only view of the draws of one scalar by several chains, stored chain by chain: values
/// [n_chains, n_draws], so that the draws of a chain lie side by side in the order they were made.
class DrawsView {
 public:
  /// @throws Error(kShape) if values.size() is not n_draws·n_chains, or one of them is negative.
  DrawsView(std::span<const double> values, std::int64_t n_draws, std::int64_t n_chains);

  std::span<const double> values() const { return values_; }
  std::int64_t n_draws() const { return n_draws_; }
  std::int64_t n_chains() const { return n_chains_; }
  /// The draws of one chain, [n_draws].
  std::span<const double> chain(std::int64_t c) const {
    return values_.subspan(static_cast<std::size_t>(c * n_draws_),
                           static_cast<std::size_t>(n_draws_));
  }

 private:
  std::span<const double> values_;
  std::int64_t n_draws_;
  std::int64_t n_chains_;
};

/// Draws that own their storage, [n_chains, n_draws].
struct Draws {
  std::vector<double> values;
  std::int64_t n_draws = 0;
  std::int64_t n_chains = 0;

  DrawsView view() const { return {values, n_draws, n_chains}; }
};

/// The smallest number of draws per chain that diagnostics are computed from: two in each half.
inline constexpr std::int64_t kMinDraws = 4;

/// Each chain cut into two: [2·n_chains, ⌊n_draws/2⌋]; the middle draw of an odd number is dropped.
/// A chain that drifts then looks like two that disagree.
Draws split_halves(const DrawsView& draws);

/// f(x) of every draw.
template <class F>
Draws map_draws(const DrawsView& draws, const F& f) {
  Draws out{std::vector<double>(draws.values().size()), draws.n_draws(), draws.n_chains()};
  for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] = f(draws.values()[i]);
  return out;
}

/// Whether convergence can be assessed from draws, and if not, why: the first that holds.
enum class DrawsState {
  kDiagnosable,
  kTooFew,     ///< n_draws < kMinDraws, or no chain
  kNonFinite,  ///< a NaN or an infinity among them
  kConstant,   ///< all draws of all chains are one and the same number
};
DrawsState state_of(const DrawsView& draws);
/// The value of a diagnostic that cannot be computed: NaN.
inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
/// state_of(draws) == kDiagnosable. If not, every diagnostic of the draws is kUndefined.
bool is_diagnosable(const DrawsView& draws);
/// Whether draws of at least one chain, however few, are finite and not constant.
bool is_varied(const DrawsView& draws);

}  // namespace ebm::samplers
