#include "torch_nets/torch_energy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "samplers/simd/normals.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/device_chains.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

const samplers::LangevinOptions kLangevin{.step_size = 10.0f,
                                          .noise_scale = 0.005f,
                                          .clamp_energy_grad = 0.03f,
                                          .box = samplers::Box{-1, 1}};

std::shared_ptr<TorchNet> uva() {
  use_one_intraop_thread();
  return std::make_shared<TorchNet>(nets::preset("uva", {1, 28, 28}), 5);
}

std::vector<float> noise(std::int64_t n) {
  std::vector<float> rows(static_cast<std::size_t>(n * 784));
  samplers::draw_initial_states({.seed = 1, .domain = base::Domain::kChainInit}, 0, 784,
                                kLangevin.box, rows);
  return rows;
}

/// Energies [n] and gradients [n, dim] of the module in double precision.
InDouble of_module(const TorchNet& net, const std::vector<float>& rows) {
  const auto x = torch::tensor(rows, torch::kFloat64).reshape({-1, 784});
  return in_double(net, x.size(0), [&](const TorchNet& exact, const torch::Tensor&) {
    const auto at = x.clone().requires_grad_(true);
    const auto energies = exact.forward(at);
    return std::vector<torch::Tensor>{energies, torch::autograd::grad({energies.sum()}, {at})[0]};
  });
}

/// The same by chains in lanes.
std::vector<torch::Tensor> of_chains(const TorchEnergy& energy, const std::vector<float>& rows) {
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / 784;
  samplers::ChainStore chains(n, 784);
  chains.load_rows(rows);
  samplers::evaluate_chains(energy, chains, 2);
  const samplers::ChainBlocks all = chains.blocks(0, chains.n_blocks());
  const auto energies = torch::tensor(std::vector<float>(all.energy.begin(), all.energy.end()));
  const auto grads =
      torch::tensor(std::vector<float>(all.energy_grad.begin(), all.energy_grad.end()))
          .reshape({-1, 784, 16})
          .transpose(1, 2)
          .reshape({-1, 784});
  return {energies.slice(0, 0, n), grads.slice(0, 0, n)};
}

TEST(TorchEnergyTest, GradientIsThatOfTheModuleForARaggedBlock) {
  const auto net = uva();
  const auto rows = noise(37);
  expect_within_limits(of_chains(TorchEnergy(net), rows), of_module(*net, rows));
}

TEST(TorchEnergyTest, SamplesAreBitEqualForAnyNumberOfThreads) {
  const auto net = uva();
  std::vector<float> reference;
  for (const int threads : {1, 2, 3, 7}) {
    auto rows = noise(100);
    make_chain_driver(net, kLangevin, threads)->advance(rows, {.n_steps = 5, .key = {.seed = 4}});
    if (reference.empty()) reference = rows;
    EXPECT_EQ(rows, reference) << threads;
  }
}

TEST(TorchEnergyTest, ThreadsInsideOperationsGetAllChainsAtOnce) {
  const auto net = uva();
  const auto rows = noise(100);
  net->set_intraop_threads(2);
  const TorchEnergy energy(net);
  EXPECT_GE(energy.preferred_blocks(), 7);
  expect_within_limits(of_chains(energy, rows), of_module(*net, rows));
  EXPECT_EQ(at::get_num_threads(), 1);
}

TEST(TorchEnergyTest, WeightsAreFrozenWhenItIsMade) {
  const auto net = uva();
  const TorchEnergy energy(net);
  {
    const torch::NoGradGuard no_grad;
    for (const auto& tensor : net->tensors()) tensor.zero_();
  }
  samplers::ChainStore chains(1, 784);
  samplers::evaluate_chains(energy, chains, 1);
  std::vector<float> found(1);
  chains.store_energy(found);
  EXPECT_NE(found[0], 0.0f);
}

TEST(DeviceChainsTest, NormalsEqualThoseOfTheHost) {
  const base::PhiloxKey key = base::RandomKey{.seed = 8}.philox_key();
  std::uint64_t ids[16];
  for (std::uint64_t lane = 0; lane < 16; ++lane) ids[lane] = 5 + lane;
  base::AlignedVector<float> host(8 * 4 * 16);
  samplers::fill_block_normals(key, ids, 25, 8, host.data());
  // √(−2 ln u)·cos(2πv) with u ≥ 2⁻²⁵, so that the root is below 5.9. It is off by a few roundings,
  // as the cosine is; the angle, up to 2π, by 2π·2⁻²⁴ and the rounding of π: 24 roundings for each
  // of the two that are compared.
  constexpr float kLimit = 2 * 5.9f * 24 * 0x1p-24f;
  const auto device = device_normals(key, 5, 16, 103, 20, torch::kCPU);
  for (std::int64_t word = 0; word < 20; ++word) {
    for (std::int64_t lane = 0; lane < 16; ++lane) {
      EXPECT_NEAR(device[lane][word].item<float>(),
                  host[static_cast<std::size_t>((word + 3) * 16 + lane)], kLimit);
    }
  }
}

TEST(DeviceChainsTest, ChainsEqualThoseOfTheHostUpToRounding) {
  const auto net = uva();
  auto host = noise(20), device = noise(20);
  const samplers::Advance steps{
      .n_steps = 4, .first_step = 3, .first_chain_id = 7, .key = {.seed = 2}};
  make_chain_driver(net, kLangevin, 2)->advance(host, steps);
  DeviceChainDriver(net, kLangevin).advance(device, steps);
  // How far those of the host go when the network is off by what rounding makes of it.
  double limit = 0.0;
  for (std::uint64_t draw = 0; draw < 3; ++draw) {
    const auto other = uva();
    {
      const torch::NoGradGuard no_grad;
      const auto weights = with_rounding_errors(net->tensors(), draw);
      for (std::size_t i = 0; i < weights.size(); ++i) other->tensors()[i].copy_(weights[i]);
    }
    auto rows = noise(20);
    make_chain_driver(other, kLangevin, 2)->advance(rows, steps);
    limit = std::max(limit, 4.0 * largest_difference(torch::tensor(rows), torch::tensor(host)));
  }
  // And four additions to values of up to 1.
  EXPECT_LE(largest_difference(torch::tensor(device), torch::tensor(host)), limit + 4 * 0x1p-24);
}

TEST(DeviceChainsTest, NonFiniteChainIsNamed) {
  const auto net = uva();
  auto rows = noise(20);
  rows[3 * 784 + 5] = NAN;
  try {
    DeviceChainDriver(net, kLangevin)
        .advance(rows, {.n_steps = 2, .first_step = 10, .first_chain_id = 100});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDiverged);
    EXPECT_NE(
        std::string(error.what()).find("chain 103 became non-finite (NaN or infinity) at step 11"),
        std::string::npos);
  }
}

}  // namespace
}  // namespace ebm::torch_nets
