#include "gan/generator_pass.h"

#include "torch_nets/row_groups.h"

namespace ebm::gan {
GeneratorPass::GeneratorPass(const torch_nets::TorchNet& generator, std::span<const float> latents,
                             int n_threads)
    : generator_(generator),
      latents_(latents.begin(), latents.end()),
      n_(static_cast<std::int64_t>(latents.size()) / generator.architecture().input.size()),
      n_threads_(n_threads),
      outputs_(torch_nets::n_row_groups(generator, n_)) {
  torch_nets::for_each_row_group(generator, n_, n_threads, [&](const torch_nets::RowGroup& group) {
    const torch::AutoGradMode with_grad(true);
    std::vector<torch_nets::BatchStatistics> unused;
    outputs_[group.index] = generator_.batch_outputs(
        torch_nets::rows_of(latents, group, generator_.architecture().input.size()), unused);
  });
  for (const torch::Tensor& output : outputs_) {
    const auto values = torch_nets::to_vector(output);
    rows_.insert(rows_.end(), values.begin(), values.end());
  }
}

std::vector<torch::Tensor> GeneratorPass::gradient(std::span<const float> vectors) {
  return gradient(vectors, {}, {}).gradient;
}

GeneratorPass::WithLoss GeneratorPass::gradient(std::span<const float> vectors,
                                                const GroupLoss& loss,
                                                const std::vector<torch::Tensor>& others) {
  auto parameters = generator_.trainable();
  parameters.insert(parameters.end(), others.begin(), others.end());
  std::vector<std::vector<torch::Tensor>> parts(outputs_.size());
  std::vector<double> losses(outputs_.size());
  const double share = 1.0 / static_cast<double>(outputs_.size());
  torch_nets::for_each_row_group(
      generator_, n_, n_threads_, [&](const torch_nets::RowGroup& group) {
        const torch::AutoGradMode with_grad(true);
        const torch::Tensor& items = outputs_[group.index];
        const auto along = torch_nets::rows_of(vectors, group, items.size(1));
        if (!loss) {
          parts[group.index] = torch::autograd::grad({items}, parameters, {along});
          return;
        }
        const auto extra = loss(
            torch_nets::rows_of(latents_, group, generator_.architecture().input.size()), items);
        losses[group.index] = extra.item<double>();
        parts[group.index] =
            torch::autograd::grad({(items * along).sum() + extra * share}, parameters);
      });
  outputs_.clear();
  double sum = 0.0;
  for (const double each : losses) sum += each;
  return {.loss = sum * share, .gradient = torch_nets::sum_of_groups(parts)};
}

}  // namespace ebm::gan
