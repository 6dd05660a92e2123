#include "evaluation/restoration/restore.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "evaluation/restoration/denoising.h"
#include "samplers/energies/held_entries.h"
#include "samplers/energies/linear_observation.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/kernels/target_temperature.h"

namespace ebm::evaluation {
namespace {

using samplers::SamplerKind;
using samplers::SamplerSettings;

/// Standard deviation of each value over the samples. @param mean of them
std::vector<float> spread_of_samples(const std::vector<float>& samples,
                                     const std::vector<float>& mean, std::int64_t n,
                                     std::int64_t dim) {
  std::vector<float> spread(mean.size());
  if (n == 1) return spread;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const auto size = static_cast<std::size_t>(dim);
    const float* first = samples.data() + i / size * static_cast<std::size_t>(n) * size + i % size;
    double squares = 0.0;
    for (std::int64_t k = 0; k < n; ++k) {
      const double off = double{first[k * dim]} - double{mean[i]};
      squares += off * off;
    }
    spread[i] = static_cast<float>(std::sqrt(squares / static_cast<double>(n - 1)));
  }
  return spread;
}

}  // namespace

void RestorationOptions::validate(const ObservationOperator& observed) const {
  base::require_at_least("n", n, 1);
  base::require_non_negative("noise-sd", noise_sd);
  base::require_positive("strength", strength);
  if (noise_sd > 0.0) {
    if (noise_sd >= kMinNoise) return;
    throw Error(ErrorCode::kUsage, "noise-sd = " + base::number_text(noise_sd) +
                                       ": must be at least " + base::number_text(kMinNoise) +
                                       ", or 0 for a mask");
  }
  if (strength != 1.0) {
    throw Error(ErrorCode::kUsage, "strength = " + base::number_text(strength) +
                                       ": has no effect with noise-sd = 0, where what is known is "
                                       "held");
  }
  if (observed.is_hidden.empty()) {
    throw Error(ErrorCode::kUsage,
                "noise-sd = 0: only what a mask shows can be held without "
                "noise; give " +
                    observed.text + " a small one, as 0.02");
  }
}

void RestorationOptions::require_memory(const ObservationOperator& observed,
                                        std::int64_t n_images) const {
  const auto m = static_cast<double>(observed.a->output_dim());
  const auto dim = static_cast<double>(observed.a->dim());
  // Start, state, gradient and result of a chain; its observation in rows and in lanes.
  base::require_memory({.option = "n",
                        .value = n,
                        .what = "samples of each image",
                        .each = static_cast<double>(n_images) * (16.0 * dim + 8.0 * m)});
}

Restoration restore(const models::EnergyModel& model, const ObservationOperator& observed,
                    const std::vector<float>& y, const std::vector<float>& starts,
                    const RestorationOptions& options, SamplerSettings& settings) {
  options.validate(observed);
  const std::int64_t m = observed.a->output_dim(), dim = observed.a->dim();
  Restoration out;
  out.n_images = static_cast<std::int64_t>(y.size()) / m;
  out.n = options.n;
  samplers::require_size(y.size(), out.n_images * m, "the observations");
  RestorationOptions all = options;
  all.walk.n = out.n_images * options.n;
  for (auto row = y.begin(); row != y.end(); row += m) {
    for (std::int64_t i = 0; i < options.n; ++i) {
      all.walk.context.insert(all.walk.context.end(), row, row + m);
    }
  }
  if (samplers::has_levels(settings.sampler)) {
    out = denoise(model, observed, y, options, settings);
  } else if (options.noise_sd == 0.0) {
    const samplers::HeldEntries free(model.energy, [&] {
      std::vector<std::uint8_t> is_held;
      for (const std::uint8_t hidden : observed.is_hidden) is_held.push_back(hidden == 0 ? 1 : 0);
      return is_held;
    }());
    out.walk = walk_chains(free, free.free_rows(starts), all.walk, settings);
    out.samples = free.full_rows(out.walk.rows, all.walk.context);
  } else {
    out.weight = options.strength * samplers::target_temperature(settings);
    if (!(out.weight > 0.0) && options.strength > 0.0) {
      throw Error(ErrorCode::kUsage,
                  "temperature = 0: the observation, whose energy is times T, would have no part; "
                  "give a --temperature above 0");
    }
    const samplers::SumEnergy posterior(
        {{model.energy, 1.0f},
         {std::make_shared<samplers::LinearObservation>(
              observed.a, base::to_float("noise-sd", options.noise_sd)),
          base::to_float("strength", out.weight)}});
    out.walk = walk_chains(posterior, starts, all.walk, settings);
    out.samples = std::move(out.walk.rows);
  }
  out.mean = mean_of_samples(out.samples, options.n, dim);
  out.spread = spread_of_samples(out.samples, out.mean, options.n, dim);
  return out;
}

std::int64_t walked_dim(const ObservationOperator& observed, const RestorationOptions& options) {
  return options.noise_sd == 0.0 ? observed.a->dim() - observed.a->output_dim() : observed.a->dim();
}

std::vector<float> mean_of_samples(const std::vector<float>& samples, std::int64_t n,
                                   std::int64_t dim) {
  const auto size = static_cast<std::size_t>(dim), n_each = static_cast<std::size_t>(n);
  std::vector<float> mean;
  for (std::size_t i = 0; i < samples.size() / n_each; ++i) {
    const float* first = samples.data() + i / size * n_each * size + i % size;
    double sum = 0.0;
    for (std::size_t k = 0; k < n_each; ++k) sum += double{first[k * size]};
    mean.push_back(static_cast<float>(sum / static_cast<double>(n)));
  }
  return mean;
}

double observation_pull(const ObservationOperator& observed, const RestorationOptions& options,
                        const SamplerSettings& settings) {
  const bool is_langevin = settings.sampler == SamplerKind::kLangevin ||
                           settings.sampler == SamplerKind::kMala ||
                           settings.sampler == SamplerKind::kGradientDescent;
  if (!is_langevin || options.noise_sd == 0.0) return 0.0;
  return settings.step_size * options.strength * samplers::target_temperature(settings) *
         samplers::squared_norm(*observed.a) / (options.noise_sd * options.noise_sd);
}

std::vector<std::string> restoration_warnings(const ObservationOperator& observed,
                                              const RestorationOptions& options,
                                              const SamplerSettings& settings) {
  const double pull = observation_pull(observed, options, settings);
  if (pull < 2.0) return {};
  return {"a step moves " + base::number_text(pull) +
          " times as far as to the observation, and from 2 on chains oscillate; take a smaller "
          "--step-size or --strength"};
}

}  // namespace ebm::evaluation
