#include "app/gan/sample_options.h"

#include "app/command_line.h"
#include "app/sample/sampler_options.h"
#include "gan/gan_samples.h"

namespace ebm::app {

void add_gan_sample_options(CLI::App& sub, GanSampleCommand& command) {
  sub.add_option("MODEL", command.model,
                 "run folder, checkpoint folder or .safetensors file of ebm gan train")
      ->required();
  sub.add_option("--n", command.n, "number of samples")->capture_default_str();
  sub.add_option("--latent-steps", command.latent_steps,
                 "MCMC steps on the latent energy |z|^2/2 - d(G(z))")
      ->capture_default_str();
  sub.add_option("--out", command.out, "FILE.png or FILE.npy: the samples")->type_name("FILE");
  sub.add_option("--data", command.data,
                 "images: report the FD of the samples from n of them, before and after the steps")
      ->type_name("SPEC");
  sub.add_option("--features", command.features, "feature network of the FD [shipped]")
      ->type_name("FILE");
  add_seed(sub, command.seed);
  add_threads(sub, command.threads);
  add_json(sub, command.json);
  add_sampler_options(sub, command.sampler,
                      samplers::sampler_name(gan::GanSampleOptions().settings.sampler).c_str(),
                      /*has_own=*/false);
}

}  // namespace ebm::app
