#include "gan/generator_sampler.h"

#include <algorithm>

#include "base/random.h"
#include "samplers/initial_states.h"
#include "torch_nets/row_groups.h"

namespace ebm::gan {
namespace {

constexpr std::int64_t kBatches = 16;
/// Of a piece, a multiple of the 32 that LibTorch takes at a time.
constexpr std::int64_t kRowsAThread = 64;

torch::Tensor rows_of(std::span<const float> rows, std::int64_t first, std::int64_t n,
                      std::int64_t dim) {
  auto out = torch::empty({n, dim});
  std::copy_n(rows.data() + first * dim, n * dim, out.data_ptr<float>());
  return out;
}

}  // namespace

std::shared_ptr<const torch_nets::TorchNet> with_standing_statistics(
    const torch_nets::TorchNet& generator, std::uint64_t seed, int n_threads) {
  auto copy = std::make_shared<torch_nets::TorchNet>(generator.architecture(), /*seed=*/0,
                                                     nets::Outputs::kAny);
  copy->copy_from(generator);
  const std::int64_t dim = generator.architecture().input.size();
  const std::int64_t n = kBatches * torch_nets::kGroupRows;
  std::vector<float> latents(static_cast<std::size_t>(n * dim));
  samplers::draw_initial_states({seed, base::Domain::kStanding}, 0, dim, std::nullopt, latents);
  std::vector<std::vector<torch_nets::BatchStatistics>> batches(
      torch_nets::n_row_groups(generator, n));
  torch_nets::for_each_row_group(generator, n, n_threads, [&](const torch_nets::RowGroup& group) {
    const torch::NoGradGuard no_grad;
    generator.batch_outputs(rows_of(latents, group.first, group.n, dim), batches[group.index]);
  });
  const torch::NoGradGuard no_grad;
  std::size_t norm = 0;
  for (std::size_t i = 0; i < copy->specs().size(); ++i) {
    const nets::ParameterKind kind = copy->specs()[i].kind;
    if (kind != nets::ParameterKind::kMean && kind != nets::ParameterKind::kVariance) continue;
    const bool is_mean = kind == nets::ParameterKind::kMean;
    torch::Tensor sum = torch::zeros_like(copy->tensors()[i]);
    for (const auto& batch : batches) sum += is_mean ? batch[norm].mean : batch[norm].variance;
    copy->tensors()[i].copy_(sum / static_cast<double>(batches.size()));
    if (!is_mean) ++norm;  // a norm's variance follows its mean
  }
  return copy;
}

std::optional<std::vector<float>> generate(const torch_nets::TorchNet& generator,
                                           std::span<const float> latents, int n_threads,
                                           const std::atomic<int>& stop) {
  const std::int64_t dim = generator.architecture().input.size();
  const std::int64_t n = static_cast<std::int64_t>(latents.size()) / dim;
  const std::int64_t size = nets::infer_shapes(generator.architecture()).back().size();
  const auto weights = generator.frozen_weights();
  std::vector<float> rows(static_cast<std::size_t>(n * size));
  const std::int64_t piece = kRowsAThread * n_threads;
  for (std::int64_t first = 0; first < n; first += piece) {
    if (stop != 0) return std::nullopt;
    torch_nets::for_each_row_group(
        generator, std::min(piece, n - first), n_threads, [&](const torch_nets::RowGroup& group) {
          const torch::NoGradGuard no_grad;
          const auto values = torch_nets::to_vector(
              generator.outputs_with(weights, rows_of(latents, first + group.first, group.n, dim)));
          std::copy(values.begin(), values.end(), rows.data() + (first + group.first) * size);
        });
  }
  return rows;
}

}  // namespace ebm::gan
