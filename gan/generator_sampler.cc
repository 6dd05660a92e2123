#include "gan/generator_sampler.h"

#include <algorithm>

#include "base/random.h"
#include "samplers/initial_states.h"
#include "torch_nets/row_groups.h"

namespace ebm::gan {
namespace {

constexpr std::int64_t kBatches = 16;

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
    generator.batch_outputs(torch_nets::rows_of(latents, group, dim), batches[group.index]);
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
  const bool done =
      torch_nets::for_each_row_group(n, n_threads, stop, [&](const torch_nets::RowGroup& group) {
        const torch::NoGradGuard no_grad;
        const auto values = torch_nets::to_vector(
            generator.outputs_with(weights, torch_nets::rows_of(latents, group, dim)));
        std::copy(values.begin(), values.end(), rows.data() + group.first * size);
      });
  if (!done) return std::nullopt;
  return rows;
}

}  // namespace ebm::gan
