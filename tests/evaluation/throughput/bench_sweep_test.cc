#include "evaluation/throughput/bench_sweep.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "nets/architecture/drawn_weights.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using samplers::BenchBackend;
using samplers::BenchCase;
using samplers::SamplerKind;

std::vector<BenchCase> cases_of(const BenchSweep& sweep) { return bench_cases(sweep, nullptr); }

TEST(BenchSweepTest, IsEveryCombinationTheLastListFastest) {
  const auto cases = cases_of({.toys = {"toy:rings", "toy:double-well,dim=3"},
                               .kinds = {SamplerKind::kLangevin, SamplerKind::kHmc},
                               .n_chains = {5, 7},
                               .n_steps = {2},
                               .n_threads = {1, 2}});
  std::vector<std::string> found;
  for (const BenchCase& each : cases) {
    found.push_back(each.energy_name + " " + samplers::sampler_name(each.sampler) + " " +
                    std::to_string(each.n_chains) + " " + std::to_string(each.n_threads));
    EXPECT_EQ(each.n_steps, 2);
    EXPECT_EQ(each.backend, BenchBackend::kAnalytic);
    EXPECT_EQ(each.flops, 0.0);
  }
  std::vector<std::string> expected;
  for (const char* toy : {"toy:rings", "toy:double-well,dim=3"}) {
    for (const char* sampler : {"langevin", "hmc"}) {
      for (const char* rest : {"5 1", "5 2", "7 1", "7 2"}) {
        expected.push_back(std::string(toy) + " " + sampler + " " + rest);
      }
    }
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(cases.back().energy->dim(), 3);
}

TEST(BenchSweepTest, NetworksAndToysHaveTheirOwnDefaults) {
  const auto cases = cases_of({.toys = {"toy:rings"}, .networks = {.names = {"mlp"}}});
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].n_chains, 100000);
  EXPECT_EQ(cases[0].n_steps, 100);
  EXPECT_EQ(cases[1].n_chains, 128);
  EXPECT_EQ(cases[1].n_steps, 20);
  EXPECT_EQ(cases[1].backend, BenchBackend::kCompiled);
}

TEST(BenchSweepTest, AGradientTakesFourFloatingPointOperationsAProduct) {
  const BenchNetworks networks{.names = {"mlp"}};
  const double products =
      static_cast<double>(nets::multiply_adds(named_networks(networks)[0].architecture));
  EXPECT_EQ(cases_of({.networks = networks})[0].flops, 4.0 * products);
}

TEST(BenchSweepTest, BackendsAndPrecisionsMakeTheirCases) {
  std::vector<int> intraop_threads;
  const TorchNetEnergy torch = [&](const nets::Architecture& net, const nets::LayerWeights& weights,
                                   int threads) {
    intraop_threads.push_back(threads);
    return std::make_shared<nets::CompiledNet>(net, weights);
  };
  const BenchSweep sweep{
      .networks = {.names = {"mlp"},
                   .backends = {BenchBackend::kCompiled, BenchBackend::kTorch,
                                BenchBackend::kTorchIntraOp},
                   .precisions = {nets::Precision::kFloat32, nets::Precision::kBfloat16}},
      .n_threads = {3}};
  EXPECT_TRUE(sweep.networks.needs_torch());
  EXPECT_TRUE(sweep.networks.has_bf16());
  std::vector<std::pair<BenchBackend, std::string>> found;
  for (const BenchCase& each : bench_cases(sweep, torch)) {
    found.emplace_back(each.backend, each.precision);
    EXPECT_EQ(each.in_float32 != nullptr, each.precision == "bf16");
  }
  EXPECT_EQ(found, (std::vector<std::pair<BenchBackend, std::string>>{
                       {BenchBackend::kCompiled, "f32"},
                       {BenchBackend::kCompiled, "bf16"},
                       {BenchBackend::kTorch, "f32"},
                       {BenchBackend::kTorchIntraOp, "f32"}}));
  // Groups of chains side by side, and all chains at once on three threads.
  EXPECT_EQ(intraop_threads, (std::vector<int>{0, 3}));
}

TEST(BenchSweepTest, WithoutNetworksNothingNeedsTorch) {
  EXPECT_FALSE((BenchNetworks{.backends = {BenchBackend::kTorch}}).needs_torch());
  EXPECT_FALSE((BenchNetworks{.names = {"mlp"}}).needs_torch());
  EXPECT_FALSE((BenchNetworks{.names = {"mlp"}}).has_bf16());
}

TEST(BenchSweepTest, WhatHasNoEffectIsRefused) {
  const auto refused = [](const std::string& message, const BenchSweep& sweep) {
    nets::expect_error(ErrorCode::kUsage, message, [&] { cases_of(sweep); });
  };
  refused("precision = f32,bf16: is for backend = compiled",
          {.networks = {.names = {"mlp"},
                        .backends = {BenchBackend::kTorch},
                        .precisions = {nets::Precision::kFloat32, nets::Precision::kBfloat16}}});
  refused("leapfrog: not for langevin,nuts; it is an option of hmc",
          {.toys = {"toy:rings"},
           .kinds = {SamplerKind::kLangevin, SamplerKind::kNuts},
           .n_leapfrog = 3});
  refused("leapfrog = 0", {.kinds = {SamplerKind::kHmc}, .n_leapfrog = 0});
  refused("temperature = 0", {.temperature = 0.0});
  refused("step_size = -1", {.step_size = -1.0});
  refused("threads = 0", {.n_threads = {0}});
}

TEST(BenchNetworksTest, EachNameComesWithEachNumberOfClasses) {
  const BenchNetworks networks{.names = {"mlp", "uva"},
                               .classes = {0, 4},
                               .condition_by = nets::ClassCondition::kProjection};
  const auto found = named_networks(networks);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].name, "mlp");
  EXPECT_EQ(found[0].architecture.classes, 0);
  EXPECT_EQ(found[0].architecture.input, (nets::Shape{2, 1, 1}));
  EXPECT_EQ(found[1].name, "mlp 4 classes by projection");
  EXPECT_EQ(found[1].architecture.classes, 4);
  EXPECT_EQ(found[2].architecture.input, (nets::Shape{1, 28, 28}));
  // Chains of a conditional one have label 0, so that it is an energy like the others.
  const auto cases = cases_of({.networks = networks});
  EXPECT_EQ(cases[1].energy->context_dim(), 0);
}

TEST(BenchNetworksTest, ACriticBehindAGeneratorIsAnEnergyOfLatents) {
  EXPECT_TRUE(is_latent("dcgan28+dcgan"));
  EXPECT_FALSE(is_latent("dcgan"));
  EXPECT_EQ(named_networks({.names = {"dcgan28+dcgan"}})[0].architecture.input.size(), 64);
  nets::expect_error(ErrorCode::kUsage, "classes: not for dcgan28+dcgan, an energy of latents",
                     [] { named_networks({.names = {"dcgan28+dcgan"}, .classes = {2}}); });
}

TEST(BenchNetworksTest, AreCompiledInEachPrecision) {
  const auto compiled = compiled_networks(
      {.names = {"mlp"}, .precisions = {nets::Precision::kFloat32, nets::Precision::kBfloat16}});
  ASSERT_EQ(compiled.size(), 2u);
  EXPECT_EQ(compiled[0].precision, "f32");
  EXPECT_EQ(compiled[1].precision, "bf16");
  EXPECT_EQ(compiled[1].net->dim(), 2);
}

}  // namespace
}  // namespace ebm::evaluation
