#include "torch_nets/torch_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "samplers/simd/normals.h"
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

TEST(TorchEnergyTest, GradientIsThatOfTheModuleForARaggedBlock) {
  const auto net = uva();
  const auto rows = noise(37);
  samplers::ChainStore chains(37, 784);
  chains.load_rows(rows);
  samplers::evaluate_chains(TorchEnergy(net), chains, 2);
  auto x = torch::from_blob(const_cast<float*>(rows.data()), {37, 1, 28, 28}).clone();
  x.requires_grad_(true);
  const auto energies = net->forward(x);
  const auto grad = torch::autograd::grad({energies.sum()}, {x})[0];
  std::vector<float> found(37);
  chains.store_energy(found);
  for (std::int64_t i = 0; i < 37; ++i) {
    EXPECT_NEAR(found[static_cast<std::size_t>(i)], energies[i].item<float>(), 1e-6f);
    const auto block = chains.blocks(i / 16, 1);
    for (const std::int64_t d : {0, 333, 783}) {
      EXPECT_NEAR(block.energy_grad[static_cast<std::size_t>(d * 16 + i % 16)],
                  grad[i].flatten()[d].item<float>(), 1e-7f);
    }
  }
}

TEST(TorchEnergyTest, SamplesAreBitEqualForAnyNumberOfThreads) {
  const auto net = uva();
  std::vector<float> reference;
  for (const int threads : {1, 2, 3, 7}) {
    auto rows = noise(100);
    make_chain_driver(net, nullptr, kLangevin, threads)
        ->advance(rows, {.n_steps = 5, .key = {.seed = 4}});
    if (reference.empty()) reference = rows;
    EXPECT_EQ(rows, reference) << threads;
  }
}

TEST(TorchEnergyTest, ThreadsInsideOperationsGetAllChainsAtOnce) {
  const auto net = uva();
  const auto evaluate = [&] {
    samplers::ChainStore chains(100, 784);
    chains.load_rows(noise(100));
    samplers::evaluate_chains(TorchEnergy(net), chains, 2);
    const samplers::ChainBlocks all = chains.blocks(0, 7);
    return std::pair(
        torch::tensor(std::vector<float>(all.energy.begin(), all.energy.end())),
        torch::tensor(std::vector<float>(all.energy_grad.begin(), all.energy_grad.end())));
  };
  const auto [energy, grad] = evaluate();
  net->set_intraop_threads(2);
  EXPECT_GE(TorchEnergy(net).preferred_blocks(), 7);
  const auto [other_energy, other_grad] = evaluate();
  EXPECT_TRUE(torch::allclose(other_energy, energy, 0.0, 1e-5 * energy.abs().max().item<double>()));
  EXPECT_TRUE(torch::allclose(other_grad, grad, 0.0, 1e-5 * grad.abs().max().item<double>()));
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
  const auto device = device_normals(key, 5, 16, 103, 20, torch::kCPU);
  for (std::int64_t word = 0; word < 20; ++word) {
    for (std::int64_t lane = 0; lane < 16; ++lane) {
      EXPECT_NEAR(device[lane][word].item<float>(),
                  host[static_cast<std::size_t>((word + 3) * 16 + lane)], 1e-5f);
    }
  }
}

TEST(DeviceChainsTest, ChainsEqualThoseOfTheHostUpToRounding) {
  const auto net = uva();
  auto host = noise(20), device = noise(20);
  const samplers::Advance steps{
      .n_steps = 4, .first_step = 3, .first_chain_id = 7, .key = {.seed = 2}};
  make_chain_driver(net, nullptr, kLangevin, 2)->advance(host, steps);
  DeviceChainDriver(net, kLangevin).advance(device, steps);
  for (std::size_t i = 0; i < host.size(); ++i) ASSERT_NEAR(host[i], device[i], 1e-4f);
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
