#include "evaluation/restoration/restoration_scores.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/require.h"
#include "metrics/psnr.h"
#include "metrics/ssim.h"
#include "samplers/chain_block.h"

namespace ebm::evaluation {

ReconstructionScore score_reconstruction(const std::string& name, const std::vector<float>& rows,
                                         const std::vector<float>& truth,
                                         const data::ItemShape& shape) {
  ReconstructionScore score{.name = name,
                            .psnr = metrics::psnr(metrics::mean_squared_error(rows, truth)),
                            .psnr_of_images = 0.0,
                            .ssim = std::nullopt};
  const auto size = static_cast<std::size_t>(shape.size());
  const auto n = static_cast<double>(rows.size() / size);
  const bool has_ssim = std::min(shape.height, shape.width) >= metrics::kSsimWindow;
  if (has_ssim) score.ssim = 0.0;
  for (std::size_t first = 0; first < rows.size(); first += size) {
    const auto image = std::span(rows).subspan(first, size);
    const auto true_image = std::span(truth).subspan(first, size);
    score.psnr_of_images += metrics::psnr(metrics::mean_squared_error(image, true_image)) / n;
    if (!has_ssim) continue;
    *score.ssim +=
        metrics::ssim(image, true_image,
                      {.channels = shape.channels, .height = shape.height, .width = shape.width}) /
        n;
  }
  return score;
}

std::vector<ReconstructionScore> score_reconstructions(const Restoration& restored,
                                                       const std::vector<Reconstruction>& others,
                                                       const std::vector<float>& truth,
                                                       const data::ItemShape& shape) {
  std::vector<ReconstructionScore> scores{
      score_reconstruction("mean of samples", restored.mean, truth, shape)};
  std::vector<float> first;
  const std::int64_t size = shape.size();
  for (std::int64_t image = 0; image < restored.n_images; ++image) {
    const auto sample = restored.samples.begin() + image * restored.n * size;
    first.insert(first.end(), sample, sample + size);
  }
  scores.push_back(score_reconstruction("one sample", first, truth, shape));
  for (const Reconstruction& other : others) {
    scores.push_back(score_reconstruction(other.name, other.rows, truth, shape));
  }
  return scores;
}

Coverage coverage_of_truth(const ObservationOperator& observed, double noise_sd,
                           const Restoration& restored, const std::vector<float>& truth) {
  base::require_at_least("n", restored.n, 2);
  const auto n = static_cast<std::size_t>(restored.n);
  const auto dim = static_cast<std::size_t>(observed.a->dim());
  samplers::require_size(truth.size(), restored.n_images * observed.a->dim(), "the truth");
  const double rank = std::max(1.0, 0.05 * static_cast<double>(n + 1));
  const auto below = static_cast<std::size_t>(rank) - 1;
  const auto part = static_cast<float>(rank - std::floor(rank));
  std::vector<float> values(n);
  std::int64_t n_inside = 0, n_all = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool is_held =
        noise_sd == 0.0 && !observed.is_hidden.empty() && observed.is_hidden[i % dim] == 0;
    if (is_held) continue;
    for (std::size_t k = 0; k < n; ++k) {
      values[k] = restored.samples[(i / dim * n + k) * dim + i % dim];
    }
    std::ranges::sort(values);
    const std::size_t next = std::min(below + 1, n - 1);
    const float low = values[below] + part * (values[next] - values[below]);
    const float high =
        values[n - 1 - below] - part * (values[n - 1 - below] - values[n - 1 - next]);
    ++n_all;
    if (low <= truth[i] && truth[i] <= high) ++n_inside;
  }
  return {.share = static_cast<double>(n_inside) / static_cast<double>(n_all),
          .expected = 1.0 - 2.0 * rank / static_cast<double>(n + 1)};
}

}  // namespace ebm::evaluation
