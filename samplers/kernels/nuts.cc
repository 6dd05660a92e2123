#include "samplers/kernels/nuts.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/nuts.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/kernels/hamiltonian-inl.h"

#ifndef EBM_SAMPLERS_NUTS_CC_ONCE_
#define EBM_SAMPLERS_NUTS_CC_ONCE_
namespace ebm::samplers {

/// A point of phase space for each chain of a block.
struct PhasePoint {
  explicit PhasePoint(std::size_t size) : x(size), p(size), grad(size) {}
  base::AlignedVector<float> x, p, grad;  ///< [dim, kLanes]
};

/// What a trajectory needs, for one block.
struct NutsScratch {
  NutsScratch(std::int64_t dim, std::int64_t max_tree_depth)
      : size(static_cast<std::size_t>(dim * kLanes)),
        left(size),
        right(size),
        leaf(size),
        drawn_x(size),
        drawn_grad(size),
        rho(size),
        half_rho(size),
        saved_p(size * static_cast<std::size_t>(max_tree_depth)),
        saved_rho(saved_p.size()) {}

  std::size_t size;
  PhasePoint left, right;                          ///< ends of the trajectory
  PhasePoint leaf;                                 ///< the point that a new half has reached
  base::AlignedVector<float> drawn_x, drawn_grad;  ///< the point drawn from the new half
  base::AlignedVector<float> rho, half_rho;        ///< Σ p of the trajectory and of the new half
  base::AlignedVector<float> saved_p, saved_rho;   ///< at the first points of its unfinished parts
  NoiseCache normals, tree_uniforms, leaf_uniforms;
};

}  // namespace ebm::samplers
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// to <- from in the lanes of `flag`.
HWY_INLINE void copy_where(const Lanes& flag, const float* HWY_RESTRICT from, std::int64_t dim,
                           float* HWY_RESTRICT to) {
  for (std::int64_t d = 0; d < dim; ++d) {
    const std::int64_t at = d * kLanes;
    store_lanes(choose(flag, load_lanes(from + at), load_lanes(to + at)), to + at);
  }
}
HWY_INLINE void copy_where(const Lanes& flag, const PhasePoint& from, std::int64_t dim,
                           PhasePoint& to) {
  copy_where(flag, from.x.data(), dim, to.x.data());
  copy_where(flag, from.p.data(), dim, to.p.data());
  copy_where(flag, from.grad.data(), dim, to.grad.data());
}

// ln(eᵃ + eᵇ), a or b may be −∞.
HWY_INLINE Lanes log_add(const Lanes& a, const Lanes& b) {
  const Lanes largest = max_lanes(a, b);
  return largest + log_lanes(exp_lanes(a - largest) + exp_lanes(b - largest));
}

// Whether the part from momentum `first` to `last` has turned; its sum of momenta is rho −
// rho_before.
HWY_INLINE Lanes has_turned(const float* HWY_RESTRICT first, const float* HWY_RESTRICT last,
                            const float* HWY_RESTRICT rho, const float* HWY_RESTRICT rho_before,
                            std::int64_t dim, const std::vector<float>& inverse_mass) {
  Lanes at_first = all_lanes(0.0f), at_last = at_first;
  const Lanes half = all_lanes(0.5f);
  for (std::int64_t d = 0; d < dim; ++d) {
    const Lanes p = load_lanes(first + d * kLanes), q = load_lanes(last + d * kLanes);
    Lanes sum = load_lanes(rho + d * kLanes);
    // What was saved at the first point counts it already.
    if (rho_before != nullptr) sum = sum - load_lanes(rho_before + d * kLanes) + p;
    const Lanes moved = neg_mul_add(half, p + q, sum) * all_lanes(inverse_mass_of(inverse_mass, d));
    at_first = mul_add(moved, p, at_first);
    at_last = mul_add(moved, q, at_last);
  }
  const Lanes goes_on = less(all_lanes(0.0f), at_first) * less(all_lanes(0.0f), at_last);
  return all_lanes(1.0f) - goes_on;
}

// One transition of one block; its words of the uniform stream start at first_uniform.
struct NutsTransition {
  const NutsOptions& options;
  const ChainBlocks& chains;  // one block
  Evaluator& evaluator;
  NutsScratch& s;
  base::PhiloxKey uniform_key;
  std::uint64_t first_uniform;

  Lanes temperature{}, start_h{};  // T·t, and H at the start
  Lanes log_weight{};              // of the trajectory
  Lanes drawn_h{}, moved{};        // H of the state drawn so far, and whether it is another one
  Lanes chance_sum{}, n_leaves{}, n_diverged{}, n_not_finite{};

  const std::uint64_t* ids() const { return chains.chain_id.data(); }

  // Result of a new half.
  struct Half {
    Lanes log_weight, energy, hamiltonian;  // of all its points; of the one drawn
    Lanes complete;                         // 1 where it neither turned nor diverged
  };

  // Leapfrog step of every lane in its direction; energies of the new point into `energy`.
  HWY_INLINE Lanes step_leaf(const Lanes& h, float* HWY_RESTRICT energy) {
    const std::int64_t dim = chains.dim;
    const Lanes half = h * all_lanes(0.5f);
    kick(s.leaf.p.data(), s.leaf.grad.data(), dim, half);
    drift(s.leaf.x.data(), s.leaf.p.data(), dim, h, options.inverse_mass, std::nullopt);
    evaluator.evaluate({1, s.leaf.x, chains.context}, {energy, static_cast<std::size_t>(kLanes)},
                       s.leaf.grad);
    kick(s.leaf.p.data(), s.leaf.grad.data(), dim, half);
    return load_lanes(energy) + kinetic_energy(s.leaf.p.data(), dim, options.inverse_mass);
  }

  // Point number n of a half: remembers it, or compares it with the first points of the balanced
  // parts that it ends. Which those are can be read off the bits of n.
  HWY_INLINE Lanes check_parts(std::uint64_t n) {
    const std::int64_t dim = chains.dim;
    const auto slot = static_cast<std::int64_t>(std::popcount(n >> 1));
    const auto at = [&](base::AlignedVector<float>& saved, std::int64_t i)
                        HWY_ATTR { return saved.data() + i * dim * kLanes; };
    Lanes turned = all_lanes(0.0f);
    if (n % 2 == 0) {
      std::copy(s.leaf.p.begin(), s.leaf.p.end(), at(s.saved_p, slot));
      std::copy(s.half_rho.begin(), s.half_rho.end(), at(s.saved_rho, slot));
      return turned;
    }
    for (std::int64_t i = slot; i > slot - std::countr_one(n); --i) {
      turned = max_lanes(turned, has_turned(at(s.saved_p, i), s.leaf.p.data(), s.half_rho.data(),
                                            at(s.saved_rho, i), dim, options.inverse_mass));
    }
    return turned;
  }

  // The 2^depth points beyond the end that lies in the direction of each lane.
  HWY_INLINE Half grow(std::int64_t depth, const Lanes& active, const Lanes& h) {
    const std::int64_t dim = chains.dim;
    const Lanes zero = all_lanes(0.0f), one = all_lanes(1.0f);
    HWY_ALIGN float energy[kLanes];
    Half half{-all_lanes(std::numeric_limits<float>::infinity()), zero, zero, active};
    std::fill(s.half_rho.begin(), s.half_rho.end(), 0.0f);
    const std::uint64_t n_points = std::uint64_t{1} << depth;
    const std::uint64_t first_word =
        first_uniform + 2 * static_cast<std::uint64_t>(options.max_tree_depth) + n_points - 1;
    for (std::uint64_t n = 0; n < n_points && any(half.complete); ++n) {
      const Lanes hamiltonian = step_leaf(h, energy);
      const Lanes change = hamiltonian - start_h;
      const Lanes finite = is_finite(change);
      // May overflow to −∞ far downhill at a low temperature, where a point has all the weight.
      const Lanes error = max_lanes(change / temperature, -all_lanes(1e30f));
      const Lanes good = finite * less(error, all_lanes(options.max_energy_error));
      chance_sum =
          chance_sum + choose(half.complete * finite, min_lanes(one, exp_lanes(-error)), zero);
      n_leaves = n_leaves + half.complete;
      n_not_finite = n_not_finite + half.complete * (one - finite);
      n_diverged = n_diverged + half.complete * finite * (one - good);
      half.complete = half.complete * good;

      const Lanes weight = choose(half.complete, -error, -all_lanes(1e30f));
      const Lanes total = choose(half.complete, log_add(half.log_weight, weight), half.log_weight);
      const Lanes uniform = uniform_lanes(uniform_key, ids(), first_word + n, s.leaf_uniforms);
      const Lanes drawn = half.complete * less(uniform, exp_lanes(weight - total));
      half.log_weight = total;
      half.energy = choose(drawn, load_lanes(energy), half.energy);
      half.hamiltonian = choose(drawn, hamiltonian, half.hamiltonian);
      copy_where(drawn, s.leaf.x.data(), dim, s.drawn_x.data());
      copy_where(drawn, s.leaf.grad.data(), dim, s.drawn_grad.data());
      for (std::int64_t d = 0; d < dim; ++d) {
        float* rho = s.half_rho.data() + d * kLanes;
        store_lanes(load_lanes(rho) + load_lanes(s.leaf.p.data() + d * kLanes), rho);
      }
      half.complete = half.complete * (one - check_parts(n));
    }
    return half;
  }

  HWY_INLINE void start(base::PhiloxKey key, std::uint64_t step) {
    const std::int64_t dim = chains.dim;
    temperature = load_lanes(chains.temperature.data()) * all_lanes(options.temperature);
    const Lanes kinetic =
        draw_momentum(key, ids(), step * static_cast<std::uint64_t>(dim), dim,
                      sqrt_lanes(temperature), options.inverse_mass, s.normals, s.left.p.data());
    start_h = load_lanes(chains.energy.data()) + kinetic;
    drawn_h = start_h;
    std::copy(chains.x.begin(), chains.x.end(), s.left.x.begin());
    std::copy(chains.energy_grad.begin(), chains.energy_grad.end(), s.left.grad.begin());
    s.right = s.left;
    s.rho = s.left.p;
    log_weight = moved = chance_sum = n_leaves = n_diverged = n_not_finite = all_lanes(0.0f);
  }

  HWY_INLINE void run() {
    const std::int64_t dim = chains.dim;
    const Lanes one = all_lanes(1.0f);
    Lanes active = one;
    for (std::int64_t depth = 0; depth < options.max_tree_depth && any(active); ++depth) {
      const auto word = first_uniform + 2 * static_cast<std::uint64_t>(depth);
      const Lanes forwards =
          less(uniform_lanes(uniform_key, ids(), word, s.tree_uniforms), all_lanes(0.5f));
      copy_where(forwards, s.right, dim, s.leaf);
      copy_where(one - forwards, s.left, dim, s.leaf);
      const Lanes h = choose(forwards, all_lanes(options.step_size), all_lanes(-options.step_size));
      const Half half = grow(depth, active, h);
      active = half.complete;

      const Lanes uniform = uniform_lanes(uniform_key, ids(), word + 1, s.tree_uniforms);
      const Lanes drawn = active * less(uniform, exp_lanes(half.log_weight - log_weight));
      copy_where(drawn, s.drawn_x.data(), dim, chains.x.data());
      copy_where(drawn, s.drawn_grad.data(), dim, chains.energy_grad.data());
      store_lanes(choose(drawn, half.energy, load_lanes(chains.energy.data())),
                  chains.energy.data());
      drawn_h = choose(drawn, half.hamiltonian, drawn_h);
      moved = max_lanes(moved, drawn);
      log_weight = choose(active, log_add(log_weight, half.log_weight), log_weight);
      copy_where(active * forwards, s.leaf, dim, s.right);
      copy_where(active * (one - forwards), s.leaf, dim, s.left);
      for (std::int64_t d = 0; d < dim; ++d) {
        float* rho = s.rho.data() + d * kLanes;
        store_lanes(load_lanes(rho) + load_lanes(s.half_rho.data() + d * kLanes), rho);
      }
      active = active * (one - has_turned(s.left.p.data(), s.right.p.data(), s.rho.data(), nullptr,
                                          dim, options.inverse_mass));
    }
  }

  HWY_INLINE void count(ChainInfo* HWY_RESTRICT lanes) const {
    HWY_ALIGN float chance[kLanes], leaves[kLanes], diverged[kLanes], not_finite[kLanes], h[kLanes],
        went[kLanes];
    store_lanes(chance_sum / n_leaves, chance);
    store_lanes(n_leaves, leaves);
    store_lanes(n_diverged, diverged);
    store_lanes(n_not_finite, not_finite);
    store_lanes(drawn_h, h);
    store_lanes(moved, went);
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      ChainInfo& info = lanes[lane];
      ++info.n_transitions;
      info.n_accepted += went[lane] != 0.0f;
      info.n_gradients += static_cast<std::int64_t>(leaves[lane]);
      info.n_divergent += diverged[lane] != 0.0f;
      info.n_non_finite += not_finite[lane] != 0.0f;
      info.acceptance_units += static_cast<std::int64_t>(chance[lane] * 0x1p24f);
      info.hamiltonian = h[lane];
    }
  }
};

void nuts_transition(const NutsOptions& options, const ChainBlocks& block, Evaluator& evaluator,
                     base::PhiloxKey key, std::uint64_t step, NutsScratch& scratch,
                     ChainInfo* lanes) {
  // Words of a transition: direction and choice of each doubling, then one for each point.
  const std::uint64_t n_words = (std::uint64_t{1} << options.max_tree_depth) +
                                2 * static_cast<std::uint64_t>(options.max_tree_depth);
  NutsTransition transition{.options = options,
                            .chains = block,
                            .evaluator = evaluator,
                            .s = scratch,
                            .uniform_key = base::subkey(key, kUniforms),
                            .first_uniform = step * n_words};
  transition.start(key, step);
  transition.run();
  transition.count(lanes);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(nuts_transition);

void NutsOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_between("max_tree_depth", static_cast<double>(max_tree_depth), 1, 20);
  base::require_positive("temperature", temperature);
  for (const float m : inverse_mass) base::require_positive("inverse_mass", m);
  base::require_positive("max_energy_error", max_energy_error);
}

Nuts::Nuts(NutsOptions options) : options_(std::move(options)) { options_.validate(); }

StepInfo Nuts::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                       std::int64_t n_steps) const {
  if (!options_.inverse_mass.empty()) {
    base::require_size("inverse_mass", options_.inverse_mass.size(), chains.dim,
                       "one per coordinate");
  }
  StepInfo info;
  info.lanes.resize(chains.energy.size());
  if (n_steps == 0) return info;
  info.non_finite = evaluate_start(chains, evaluator, rng.first_step, info.lanes);
  if (info.non_finite) return info;
  const auto transition = HWY_DYNAMIC_DISPATCH(nuts_transition);
  NutsScratch scratch(chains.dim, options_.max_tree_depth);
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const ChainBlocks one = chains.blocks(block, 1);
    scratch.normals.call = scratch.tree_uniforms.call = scratch.leaf_uniforms.call = kNoCall;
    for (std::int64_t i = 0; i < n_steps; ++i) {
      transition(options_, one, evaluator, rng.key, rng.first_step + static_cast<std::uint64_t>(i),
                 scratch, info.lanes.data() + block * kLanes);
    }
  }
  info.n_steps = n_steps;
  return info;
}

std::string Nuts::divergence_hint() const { return kStartHint; }

}  // namespace ebm::samplers
#endif
