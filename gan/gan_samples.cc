#include "gan/gan_samples.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/stop_signal.h"
#include "base/system/memory_limit.h"
#include "gan/generator_sampler.h"
#include "samplers/initial_states.h"
#include "torch_nets/torch_net.h"

namespace ebm::gan {

void GanSampleOptions::require_memory(const GanModel& model) const {
  const std::int64_t item_size = nets::infer_shapes(model.generator).back().size();
  const auto latent_size = static_cast<double>(model.generator.input.size());
  const auto draws =
      static_cast<double>(std::min<std::int64_t>(latent_steps, 2 * LatentWalkOptions::kMaxDraws));
  base::require_memory(
      {.option = "n",
       .value = n,
       .what = "samples of " + std::to_string(item_size) + " values",
       .each = 8.0 * static_cast<double>(item_size) + (20.0 + 4.0 * draws) * (latent_size + 2.0)});
}

GanSamples draw_gan_samples(const GanModel& model, const GanSampleOptions& options,
                            const std::atomic<int>& stop) {
  const torch_nets::TorchNet generator(model.generator, model.generator_weights, model.origin,
                                       nets::Outputs::kAny);
  const std::int64_t latent_size = model.generator.input.size();
  std::vector<float> latents(static_cast<std::size_t>(options.n * latent_size));
  samplers::draw_initial_states({options.seed, base::Domain::kSampleInit}, 0, latent_size,
                                std::nullopt, latents);
  const auto generated = [&](const std::vector<float>& from) {
    auto rows = generate(generator, from, options.n_threads, stop);
    if (!rows) throw base::Stopped{stop};
    return *std::move(rows);
  };
  const auto distance_of = [&](const std::vector<float>& rows) {
    return options.quality->get().distance_of(rows, "samples", stop);
  };
  const bool is_walked = options.latent_steps > 0;
  GanSamples samples;
  if (options.quality || !is_walked) samples.rows = generated(latents);
  if (options.quality) samples.fd_before = distance_of(samples.rows);
  if (is_walked) {
    samples.walk = walk_latents(model, latents, options.settings,
                                {.n_steps = options.latent_steps,
                                 .seed = options.seed,
                                 .n_threads = options.n_threads,
                                 .on_progress = options.on_progress});
    samples.rows = generated(samples.walk->latents);
    if (options.quality) samples.fd_after = distance_of(samples.rows);
  }
  base::throw_if_stopped(stop);
  return samples;
}

}  // namespace ebm::gan
