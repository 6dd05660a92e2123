#include "evaluation/energy_comparison.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "data/batch_source.h"
#include "metrics/auroc.h"
#include "metrics/average_precision.h"
#include "metrics/input_complexity.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {
namespace {

/// Compressed bits a value, of the grey levels that a picture of the images would have.
std::vector<float> complexities_of(const ImageRows& images, int n_threads) {
  std::vector<std::uint8_t> levels(images.rows.size());
  std::transform(images.rows.begin(), images.rows.end(), levels.begin(), [](float x) {
    return static_cast<std::uint8_t>(std::clamp(std::lround((x + 1.0f) * 127.5f), 0L, 255L));
  });
  const auto dim = static_cast<std::int64_t>(images.rows.size()) / images.n;
  const auto bits = metrics::input_complexity(levels, images.n, dim, n_threads);
  return {bits.begin(), bits.end()};
}

void require_finite(std::span<const float> energies, const std::string& name) {
  for (std::size_t i = 0; i < energies.size(); ++i) {
    if (std::isfinite(energies[i])) continue;
    throw Error(ErrorCode::kDiverged, "the energy of item " + std::to_string(i) + " of " + name +
                                          " is " + base::number_text(energies[i]));
  }
}

/// @param rows  [energies.size(), dim]
void evaluate_rows(const samplers::Energy& energy, std::span<const float> rows, int n_threads,
                   std::span<float> energies) {
  samplers::ChainStore chains(static_cast<std::int64_t>(energies.size()), energy.dim());
  chains.load_rows(rows);
  samplers::evaluate_chains(energy, chains, n_threads);
  chains.store_energy(energies);
}

}  // namespace

std::vector<float> energies_of(const samplers::Energy& energy, const ImageRows& images,
                               int n_threads) {
  std::vector<float> energies(static_cast<std::size_t>(images.n));
  evaluate_rows(energy, images.rows, n_threads, energies);
  require_finite(energies, images.name);
  return energies;
}

std::vector<float> energies_of(const samplers::Energy& energy, const data::Dataset& dataset,
                               const std::string& name, int n_threads) {
  constexpr std::int64_t kChunk = 4096;
  const data::BatchSource source(dataset, {.batch_size = 1});
  std::vector<float> energies(static_cast<std::size_t>(dataset.n));
  for (std::int64_t first = 0; first < dataset.n; first += kChunk) {
    const std::int64_t n = std::min(kChunk, dataset.n - first);
    std::vector<float> rows(static_cast<std::size_t>(n * energy.dim()));
    source.fill_range(first, n, rows);
    evaluate_rows(
        energy, rows, n_threads,
        std::span(energies).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n)));
  }
  require_finite(energies, name);
  return energies;
}

std::vector<OodResult> detect_ood(const ScoredImages& test, const std::vector<ScoredImages>& others,
                                  int n_threads) {
  const auto test_bits = complexities_of(test.images, n_threads);
  std::vector<OodResult> out;
  for (const ScoredImages& other : others) {
    out.push_back(
        {.name = other.images.name,
         .n = other.images.n,
         .auroc = metrics::auroc(other.energies, test.energies),
         .aupr = metrics::average_precision(other.energies, test.energies),
         .auroc_complexity = metrics::auroc(complexities_of(other.images, n_threads), test_bits)});
  }
  return out;
}

}  // namespace ebm::evaluation
