#include "torch_nets/device_chains.h"

#include <cstring>
#include <numbers>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/interruption.h"
#include "nets/architecture/condition.h"
#include "samplers/energies/noise_level_energy.h"
#include "torch_nets/row_groups.h"
#include "torch_nets/torch_energy.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kLowWord = 0xFFFFFFFF;

/// High and low words of the product of a 32-bit constant and 32-bit words, all in int64: the
/// product wraps, but its 64 bits are the right ones.
std::pair<torch::Tensor, torch::Tensor> multiply_words(std::uint32_t m,
                                                       const torch::Tensor& words) {
  const auto product = words * static_cast<std::int64_t>(m);
  return {product.bitwise_right_shift(32).bitwise_and(kLowWord), product.bitwise_and(kLowWord)};
}

std::pair<torch::Tensor, torch::Tensor> box_muller(const torch::Tensor& a, const torch::Tensor& b) {
  const auto u = a.bitwise_right_shift(1).to(torch::kFloat64) * 0x1p-31 + 0x1p-32;
  const auto angle = b.to(torch::kFloat64) * (2.0 * std::numbers::pi * 0x1p-32);
  const auto r = torch::sqrt(-2.0 * torch::log(u));
  return {(r * torch::cos(angle)).to(torch::kFloat32), (r * torch::sin(angle)).to(torch::kFloat32)};
}

}  // namespace

torch::Tensor device_normals(base::PhiloxKey key, std::uint64_t first_chain_id,
                             std::int64_t n_chains, std::uint64_t first_word, std::int64_t n_words,
                             torch::Device device) {
  const auto options = torch::TensorOptions().dtype(torch::kInt64).device(device);
  const auto first_call = static_cast<std::int64_t>(first_word / 4);
  const auto skipped = static_cast<std::int64_t>(first_word % 4);
  const std::int64_t n_calls = (skipped + n_words + 3) / 4;
  const auto call = torch::arange(first_call, first_call + n_calls, options).unsqueeze(0);
  const auto first_id = static_cast<std::int64_t>(first_chain_id);
  const auto id = torch::arange(first_id, first_id + n_chains, options).unsqueeze(1);
  auto c0 = call.bitwise_and(kLowWord).expand({n_chains, n_calls});
  auto c1 = call.bitwise_right_shift(32).expand({n_chains, n_calls});
  auto c2 = id.bitwise_and(kLowWord).expand({n_chains, n_calls});
  auto c3 = id.bitwise_right_shift(32).expand({n_chains, n_calls});
  for (int round = 0; round < base::kPhiloxRounds; ++round) {
    const auto [high0, low0] = multiply_words(base::kPhiloxM0, c0);
    const auto [high1, low1] = multiply_words(base::kPhiloxM1, c2);
    c0 = high1.bitwise_xor(c1).bitwise_xor(static_cast<std::int64_t>(key[0]));
    c2 = high0.bitwise_xor(c3).bitwise_xor(static_cast<std::int64_t>(key[1]));
    c1 = low1;
    c3 = low0;
    key[0] += base::kPhiloxW0;
    key[1] += base::kPhiloxW1;
  }
  const auto [z0, z1] = box_muller(c0, c1);
  const auto [z2, z3] = box_muller(c2, c3);
  return torch::stack({z0, z1, z2, z3}, 2).flatten(1).narrow(1, skipped, n_words);
}

DeviceChainDriver::DeviceChainDriver(std::shared_ptr<const TorchNet> net,
                                     const samplers::LangevinOptions& options)
    : net_(std::move(net)), weights_(net_->frozen_weights()), kernel_(options) {
  if (!options.preconditioner.empty() ||
      (options.box && options.box_rule == samplers::BoxRule::kReflect)) {
    throw Error(ErrorCode::kUsage,
                "chains on a device have no preconditioner and no reflecting walls");
  }
}

void DeviceChainDriver::advance(std::span<float> rows, const samplers::Advance& steps) {
  const samplers::LangevinOptions& options = kernel_.options();
  const torch::Device device = weights_.front().device();
  const std::int64_t dim = net_->architecture().input.size();
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / dim;
  const base::PhiloxKey key = steps.key.philox_key();
  auto x = torch::from_blob(rows.data(), {n, dim}).clone().to(device);
  nets::require_context(net_->architecture(), steps.context, n);
  auto context = context_of(net_->architecture(), steps.context, {.index = 0, .first = 0, .n = n});
  if (context.defined()) context = context.to(device);
  // The step at which a chain was first seen not to be finite, n_steps while it is: looked at only
  // after the last step, as every look would stop the device.
  auto left_at = torch::full({n}, steps.n_steps, x.options().dtype(torch::kInt64));
  for (std::int64_t k = 0; k < steps.n_steps; ++k) {
    base::throw_if_interrupted();
    auto leaf = x.detach().requires_grad_(true);
    torch::Tensor energy, grad;
    {
      const torch::AutoGradMode with_grad(true);
      energy = net_->forward_with(weights_, leaf, context);
      grad = torch::autograd::grad({energy.sum()}, {leaf})[0];
      energy = energy.detach();
    }
    const torch::NoGradGuard no_grad;
    const auto used = options.clamp_energy_grad
                          ? grad.clamp(-*options.clamp_energy_grad, *options.clamp_energy_grad)
                          : grad;
    x = leaf.detach() - options.step_size * used;
    if (options.noise_scale > 0.0f) {
      const std::uint64_t step = steps.first_step + static_cast<std::uint64_t>(k);
      x = x + options.noise_scale * device_normals(key, steps.first_chain_id, n,
                                                   step * static_cast<std::uint64_t>(dim), dim,
                                                   device);
    }
    const auto finite =
        torch::isfinite(energy) & torch::isfinite(grad).all(1) & torch::isfinite(x).all(1);
    left_at = torch::where(finite, left_at, left_at.clamp_max(k));
    if (options.box) x = x.clamp(options.box->low, options.box->high);
  }
  const std::int64_t first = left_at.min().item<std::int64_t>();
  if (first < steps.n_steps) {
    const auto row = (left_at == first).nonzero()[0].item<std::int64_t>();
    samplers::throw_diverged({.step = steps.first_step + static_cast<std::uint64_t>(first),
                              .chain_id = steps.first_chain_id + static_cast<std::uint64_t>(row),
                              .what = "its energy, energy_grad or state is not finite"},
                             kernel_.divergence_hint());
  }
  const auto result = to_vector(x);
  std::memcpy(rows.data(), result.data(), rows.size_bytes());
}

std::unique_ptr<samplers::ChainDriver> make_chain_driver(
    std::shared_ptr<const TorchNet> net, const samplers::LangevinOptions& options, int n_threads,
    const samplers::SumEnergy::Term& more, std::shared_ptr<const samplers::Kernel> kernel,
    float data_sd) {
  if (!net->tensors().front().device().is_cpu()) {
    if (more.energy) {
      throw Error(ErrorCode::kUsage, "chains on a device sample from the network alone");
    }
    if (kernel) {
      throw Error(ErrorCode::kUsage,
                  "device = cuda: samples of this objective are drawn on the CPU alone; use cpu");
    }
    return std::make_unique<DeviceChainDriver>(std::move(net), options);
  }
  std::shared_ptr<const samplers::Energy> energy = std::make_shared<TorchEnergy>(std::move(net));
  if (data_sd > 0.0f) {
    energy = std::make_shared<samplers::NoiseLevelEnergy>(std::move(energy), data_sd);
  }
  if (more.energy) {
    energy = std::make_shared<samplers::SumEnergy>(
        std::vector<samplers::SumEnergy::Term>{{std::move(energy), 1.0f}, more});
  }
  if (!kernel) kernel = std::make_shared<samplers::Langevin>(options);
  return std::make_unique<samplers::HostChainDriver>(std::move(energy), std::move(kernel),
                                                     n_threads);
}

}  // namespace ebm::torch_nets
