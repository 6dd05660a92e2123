#include "landscape/elastic_band.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/require.h"
#include "landscape/flow_network.h"
#include "samplers/run_chains.h"

namespace ebm::landscape {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
}

std::vector<double> difference(const float* a, const float* b, std::int64_t dim) {
  std::vector<double> result(at(dim));
  for (std::int64_t d = 0; d < dim; ++d) result[at(d)] = double{a[d]} - double{b[d]};
  return result;
}

/// The bands of all pairs: n_pairs times n_images + 2 states.
struct Bands {
  std::int64_t n_pairs, length, dim;
  std::vector<float> x;  ///< [n_pairs, length, dim]
  std::vector<float> energy, energy_grad;

  const float* state(std::int64_t pair, std::int64_t i) const {
    return x.data() + (pair * length + i) * dim;
  }
  float energy_at(std::int64_t pair, std::int64_t i) const { return energy[at(pair * length + i)]; }
};

void evaluate(const samplers::Energy& energy, int n_threads, Bands& bands) {
  samplers::ChainStore chains(bands.n_pairs * bands.length, bands.dim);
  chains.load_rows(bands.x);
  samplers::evaluate_chains(energy, chains, n_threads);
  chains.store_energy(bands.energy);
  chains.store_energy_grad(bands.energy_grad);
}

void require_finite(const Bands& bands) {
  for (std::size_t i = 0; i < bands.energy.size(); ++i) {
    if (std::isfinite(bands.energy[i])) continue;
    throw Error(ErrorCode::kDiverged,
                "state " + std::to_string(static_cast<std::int64_t>(i) % bands.length) +
                    " of the straight line between two states has no finite energy");
  }
}

Bands straight_lines(std::span<const float> from, std::span<const float> to, std::int64_t dim,
                     std::int64_t n_images) {
  Bands bands{.n_pairs = static_cast<std::int64_t>(from.size()) / dim,
              .length = n_images + 2,
              .dim = dim,
              .x = {},
              .energy = {},
              .energy_grad = {}};
  for (std::int64_t pair = 0; pair < bands.n_pairs; ++pair) {
    for (std::int64_t i = 0; i < bands.length; ++i) {
      const float share = static_cast<float>(i) / static_cast<float>(bands.length - 1);
      for (std::int64_t d = 0; d < dim; ++d) {
        const auto k = at(pair * dim + d);
        bands.x.push_back((1.0f - share) * from[k] + share * to[k]);
      }
    }
  }
  bands.energy.resize(at(bands.n_pairs * bands.length));
  bands.energy_grad.resize(bands.x.size());
  return bands;
}

/// The same bands with nine states between neighbours, not evaluated yet.
Bands refined(const Bands& bands) {
  constexpr std::int64_t kParts = 10;
  Bands fine{.n_pairs = bands.n_pairs,
             .length = (bands.length - 1) * kParts + 1,
             .dim = bands.dim,
             .x = {},
             .energy = {},
             .energy_grad = {}};
  for (std::int64_t pair = 0; pair < bands.n_pairs; ++pair) {
    for (std::int64_t i = 0; i < fine.length; ++i) {
      const float* left = bands.state(pair, i / kParts);
      const float share = static_cast<float>(i % kParts) / static_cast<float>(kParts);
      const float* right = share > 0.0f ? left + bands.dim : left;
      for (std::int64_t d = 0; d < bands.dim; ++d) {
        fine.x.push_back((1.0f - share) * left[d] + share * right[d]);
      }
    }
  }
  fine.energy.resize(at(fine.n_pairs * fine.length));
  fine.energy_grad.resize(fine.x.size());
  return fine;
}

/// The unit tangent at image i. Source: Henkelman & Jónsson 2000, eq. 8 to 11.
std::vector<double> tangent(const std::vector<double>& forward, const std::vector<double>& backward,
                            double before, double here, double after) {
  double of_forward = 0.0, of_backward = 0.0;
  if (after > here && here > before) {
    of_forward = 1.0;
  } else if (after < here && here < before) {
    of_backward = 1.0;
  } else {
    const double most = std::max(std::abs(after - here), std::abs(before - here));
    const double least = std::min(std::abs(after - here), std::abs(before - here));
    // Where both neighbours are equal, either way.
    of_forward = after > before ? most : least;
    of_backward = after > before ? least : most;
    if (most == 0.0) of_forward = of_backward = 1.0;
  }
  std::vector<double> along(forward.size());
  for (std::size_t d = 0; d < along.size(); ++d) {
    along[d] = of_forward * forward[d] + of_backward * backward[d];
  }
  const double length = std::sqrt(dot(along, along));
  if (length > 0.0) {
    for (double& value : along) value /= length;
  }
  return along;
}

/// The search of one pair: λ, at most the one that was asked for, and 1 / curvature.
struct StepSize {
  double step_size;
  double curvature = 0.0;  ///< largest of late, ‖∇E(x′) − ∇E(x)‖ / ‖x′ − x‖ of an image

  /// Learns from a step that was made.
  void see(const Bands& before, const Bands& after, std::int64_t pair, double asked);
};

void StepSize::see(const Bands& before, const Bands& after, std::int64_t pair, double asked) {
  constexpr double kForgotten = 0.99, kShare = 0.5, kMinMove = 1e-4;
  curvature *= kForgotten;
  for (std::int64_t i = 1; i + 1 < before.length; ++i) {
    const auto first = (pair * before.length + i) * before.dim;
    const auto moved = difference(after.x.data() + first, before.x.data() + first, before.dim);
    const auto turned =
        difference(after.energy_grad.data() + first, before.energy_grad.data() + first, before.dim);
    const auto gap = difference(before.state(pair, i + 1), before.state(pair, i), before.dim);
    const double length = dot(moved, moved);
    // Of shorter moves rounding is what is seen.
    if (length > kMinMove * kMinMove * dot(gap, gap)) {
      curvature = std::max(curvature, std::sqrt(dot(turned, turned) / length));
    }
  }
  step_size = curvature > 0.0 ? std::min(asked, kShare / curvature) : asked;
}

/// Moves the images of one pair; the forces are those of where all of them were.
void move(const ElasticBandOptions& options, double step_size, const Bands& before,
          std::int64_t pair, bool climbs, Bands& after) {
  // Springs that pull an image past its place make the band shake; a longer move than a part of the
  // way to the next image has left the region that the forces describe.
  constexpr double kSpringShare = 0.25, kMoveShare = 0.2;
  const double spring = std::min(double{options.spring}, kSpringShare / step_size);
  const std::int64_t dim = before.dim;
  std::int64_t top = 1;
  for (std::int64_t i = 2; i + 1 < before.length; ++i) {
    if (before.energy_at(pair, i) > before.energy_at(pair, top)) top = i;
  }
  for (std::int64_t i = 1; i + 1 < before.length; ++i) {
    const auto forward = difference(before.state(pair, i + 1), before.state(pair, i), dim);
    const auto backward = difference(before.state(pair, i), before.state(pair, i - 1), dim);
    const auto along =
        tangent(forward, backward, double{before.energy_at(pair, i - 1)},
                double{before.energy_at(pair, i)}, double{before.energy_at(pair, i + 1)});
    const auto first = at((pair * before.length + i) * dim);
    std::vector<double> grad(
        before.energy_grad.begin() + static_cast<std::ptrdiff_t>(first),
        before.energy_grad.begin() + static_cast<std::ptrdiff_t>(first + at(dim)));
    const double slope = dot(grad, along);
    const double pull = climbs && i == top ? 2.0 * slope
                                           : slope + spring * (std::sqrt(dot(forward, forward)) -
                                                               std::sqrt(dot(backward, backward)));
    std::vector<double> force(at(dim));
    for (std::int64_t d = 0; d < dim; ++d) {
      force[at(d)] = -grad[at(d)] + pull * along[at(d)];
    }
    const double longest =
        kMoveShare * std::sqrt(std::max(dot(forward, forward), dot(backward, backward)));
    const double length = step_size * std::sqrt(dot(force, force));
    const double step = length > longest ? step_size * longest / length : step_size;
    for (std::int64_t d = 0; d < dim; ++d) {
      auto moved = static_cast<float>(double{before.x[first + at(d)]} + step * force[at(d)]);
      if (options.box) moved = std::clamp(moved, options.box->low, options.box->high);
      after.x[first + at(d)] = moved;
    }
  }
}

/// Whether all energies of a pair are finite.
bool is_finite(const Bands& bands, std::int64_t pair) {
  const auto first = bands.energy.begin() + pair * bands.length;
  return std::all_of(first, first + bands.length, [](float e) { return std::isfinite(e); });
}

/// Takes a pair's states and what is known of them from other bands.
void copy_pair(const Bands& from, std::int64_t pair, Bands& to) {
  const auto copy = [&](const std::vector<float>& source, std::vector<float>& target,
                        std::int64_t width) {
    std::copy_n(source.begin() + pair * width, width, target.begin() + pair * width);
  };
  copy(from.x, to.x, from.length * from.dim);
  copy(from.energy_grad, to.energy_grad, from.length * from.dim);
  copy(from.energy, to.energy, from.length);
}

/// Replaces paths by those of the bands that have a lower top.
void keep_lower(const samplers::Energy& energy, int n_threads, const Bands& bands,
                std::vector<EnergyPath>& paths) {
  Bands fine = refined(bands);
  evaluate(energy, n_threads, fine);
  for (std::int64_t pair = 0; pair < bands.n_pairs; ++pair) {
    const auto first = static_cast<std::ptrdiff_t>(pair * bands.length);
    const auto first_fine = fine.energy.begin() + pair * fine.length;
    const float highest = *std::max_element(first_fine, first_fine + fine.length);
    EnergyPath& path = paths[at(pair)];
    if (!path.states.empty() && !(highest < path.highest)) continue;
    path = {.states = {bands.x.begin() + first * bands.dim,
                       bands.x.begin() + (first + bands.length) * bands.dim},
            .energies = {bands.energy.begin() + first, bands.energy.begin() + first + bands.length},
            .highest = highest};
  }
}

}  // namespace

void ElasticBandOptions::validate() const {
  base::require_at_least("band-images", n_images, 1);
  base::require_at_least("band-steps", n_steps, 0);
  base::require_positive("band-step-size", step_size);
  base::require_non_negative("spring", spring);
}

std::vector<EnergyPath> minimum_energy_paths(const samplers::Energy& energy,
                                             std::span<const float> from, std::span<const float> to,
                                             const ElasticBandOptions& options) {
  options.validate();
  const std::int64_t dim = energy.dim();
  base::require_size("to", to.size(), static_cast<std::int64_t>(from.size()), "as many as from");
  if (from.empty()) return {};
  Bands bands = straight_lines(from, to, dim, options.n_images);
  evaluate(energy, options.n_threads, bands);
  require_finite(bands);
  std::vector<EnergyPath> paths(at(bands.n_pairs));
  keep_lower(energy, options.n_threads, bands, paths);
  std::vector<StepSize> steps(at(bands.n_pairs), StepSize{double{options.step_size}});
  for (std::int64_t step = 0; step < options.n_steps; ++step) {
    // Climbing may fail, where the way up is not that to a saddle.
    if (step == options.n_steps / 2) keep_lower(energy, options.n_threads, bands, paths);
    Bands next = bands;
    for (std::int64_t pair = 0; pair < bands.n_pairs; ++pair) {
      move(options, steps[at(pair)].step_size, bands, pair, step >= options.n_steps / 2, next);
    }
    evaluate(energy, options.n_threads, next);
    for (std::int64_t pair = 0; pair < bands.n_pairs; ++pair) {
      if (is_finite(next, pair)) {
        steps[at(pair)].see(bands, next, pair, double{options.step_size});
      } else {
        steps[at(pair)].step_size /= 2.0;
        copy_pair(bands, pair, next);
      }
    }
    bands = std::move(next);
  }
  if (options.n_steps > 0) keep_lower(energy, options.n_threads, bands, paths);
  return paths;
}

}  // namespace ebm::landscape
