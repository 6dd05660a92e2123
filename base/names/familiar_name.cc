#include "base/names/familiar_name.h"

#include <algorithm>
#include <initializer_list>

namespace ebm::base {
namespace {

/// A name of this program, and what it is called elsewhere.
struct Names {
  std::string_view name;
  std::initializer_list<std::string_view> elsewhere;
};

/// Of a word that stands for two names, the first that is known is meant.
const Names kNames[] = {
    {"learning_rate", {"lr", "base_lr", "init_lr", "rate"}},
    {"critic_learning_rate", {"lr_d", "d_lr", "critic_lr"}},
    {"batch_size", {"bs", "batch", "batchsize", "minibatch", "train_batch_size"}},
    {"iterations",
     {"epochs", "n_epochs", "num_epochs", "max_epochs", "iters", "niter", "n_iter", "num_iters",
      "max_iter", "max_steps", "train_steps"}},
    {"steps",
     {"n_steps", "num_steps", "mcmc_steps", "langevin_steps", "sgld_steps", "draws", "num_draws",
      "iterations", "iters", "iter", "n_iter"}},
    {"burn_in", {"warmup", "n_warmup", "num_warmup", "tune", "burn"}},
    {"warmup_iterations", {"warmup", "warmup_steps", "lr_warmup"}},
    {"thinning", {"thin"}},
    {"step_size", {"eps", "epsilon", "dt", "sgld_lr", "lr"}},
    {"noise_scale", {"sigma", "noise_std", "noise_sd"}},
    {"temperature", {"temp", "t"}},
    {"n",
     {"num_samples", "n_samples", "samples", "n_chains", "num_chains", "count", "batch_size",
      "num"}},
    {"seed", {"random_seed", "random_state", "rng", "rng_seed", "manual_seed"}},
    {"threads",
     {"num_threads", "n_threads", "workers", "num_workers", "n_jobs", "jobs", "cores", "cpus",
      "j"}},
    {"net", {"model", "arch", "architecture", "network", "backbone"}},
    {"data", {"dataset", "data_dir", "data_path", "dataroot", "root", "train_data", "input"}},
    {"out",
     {"output", "o", "out_dir", "outdir", "output_dir", "save", "save_dir", "save_path", "log_dir",
      "logdir", "run_dir"}},
    {"device", {"gpu", "gpus", "cuda", "accelerator"}},
    {"objective", {"loss", "criterion"}},
    {"energy_l2", {"weight_decay", "wd", "l2", "reg", "alpha"}},
    {"ema_decay", {"ema", "ema_rate", "polyak"}},
    {"clip_grad_norm",
     {"grad_clip", "clip_grad", "max_grad_norm", "gradient_clip_val", "clip_norm", "clip"}},
    {"clamp_energy_grad", {"grad_clamp", "clamp_grad", "clip"}},
    {"beta1", {"betas", "momentum"}},
    {"lr_schedule", {"scheduler", "lr_scheduler", "schedule"}},
    {"checkpoint_every", {"save_every", "save_freq", "save_interval", "ckpt_every"}},
    {"log_every", {"log_interval", "log_freq", "print_freq", "log_every_n_steps"}},
    {"sample_every", {"sample_interval", "sample_freq", "viz_every"}},
    {"buffer_capacity", {"buffer_size", "replay_size", "buffer"}},
    {"restart_probability", {"reinit_prob", "reinit_freq", "reinit"}},
    {"augment_flip",
     {"flip", "horizontal_flip", "hflip", "random_flip", "augment", "augmentation"}},
    {"augment_shift", {"shift", "translate", "random_crop"}},
    {"augment_colour", {"color_jitter", "colour_jitter", "jitter", "augment_color"}},
    {"resume", {"continue", "restart", "load", "checkpoint", "ckpt", "resume_from"}},
    {"minutes", {"time", "max_time", "time_limit", "hours"}},
    {"latent_dim", {"z_dim", "nz", "latent", "latent_size"}},
    {"critic_steps", {"n_critic", "critic_iters", "d_steps"}},
    {"penalty", {"gp", "gp_weight", "lambda_gp", "lambda"}},
    {"generator", {"gen", "g"}},
    {"critic", {"discriminator", "disc", "d"}},
    {"sampler", {"method", "algorithm", "algo", "kernel", "mcmc"}},
    {"leapfrog", {"n_leapfrog", "num_leapfrog", "leapfrog_steps", "l"}},
    {"max_tree_depth", {"max_treedepth", "max_depth", "treedepth"}},
    {"target_acceptance", {"target_accept", "target_accept_prob", "adapt_delta", "delta"}},
    {"size", {"image_size", "img_size", "imsize", "resize"}},
};

/// "--Batch-Size" -> "batch_size"
std::string plain(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  std::string text;
  for (const char c : word) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    text += c == '-' ? '_' : is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

}  // namespace

std::string familiar_name(std::string_view word, std::span<const std::string> known) {
  const std::string meant = plain(word);
  for (const Names& names : kNames) {
    for (const std::string_view each : names.elsewhere) {
      if (each != meant) continue;
      for (const std::string& name : known) {
        if (plain(name) == names.name) return name;
      }
    }
  }
  return "";
}

}  // namespace ebm::base
