#include "samplers/kernels/sampler_settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "samplers/kernels/target_temperature.h"
#include "samplers/run_chains.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

TEST(SamplerSettingsTest, EveryNameStandsForAKindOfItsOwn) {
  std::set<SamplerKind> kinds;
  for (const std::string& name : sampler_names()) {
    const SamplerKind kind = sampler_kind(name);
    EXPECT_EQ(sampler_name(kind), name);
    kinds.insert(kind);
  }
  EXPECT_EQ(kinds.size(), sampler_names().size());
  EXPECT_TRUE(kinds.contains(SamplerKind::kAnnealed));
}

TEST(SamplerSettingsTest, UnknownNamesAreRefusedWithTheNearest) {
  EXPECT_EQ(message_of(ErrorCode::kUsage, [] { sampler_kind("nutz"); }),
            "sampler = nutz: did you mean nuts?");
  EXPECT_EQ(message_of(ErrorCode::kUsage, [] { sampler_kind("gibbs sampler", "inner"); })
                .rfind("inner = gibbs sampler: must be one of langevin, mala, ", 0),
            0u);
}

TEST(SamplerSettingsTest, EveryKindMakesAKernel) {
  for (const std::string& name : sampler_names()) {
    EXPECT_NE(make_kernel({.sampler = sampler_kind(name)}), nullptr) << name;
  }
}

TEST(SamplerSettingsTest, WallsThatAKernelCannotHaveAreRefused) {
  const auto refusal = [](SamplerKind kind, BoxRule rule) {
    return message_of(ErrorCode::kUsage, [&] {
      make_kernel({.sampler = kind, .box = Box{-1.0f, 1.0f}, .box_rule = rule});
    });
  };
  EXPECT_TRUE(contains(refusal(SamplerKind::kNuts, BoxRule::kReflect), "box: nuts"));
  EXPECT_TRUE(contains(refusal(SamplerKind::kMala, BoxRule::kClamp), "box_rule = clamp"));
  EXPECT_TRUE(contains(refusal(SamplerKind::kNesterov, BoxRule::kReflect), "box_rule = reflect"));
}

TEST(SamplerSettingsTest, OnlyAKernelByItselfMayBeInsideAnother) {
  for (const SamplerKind outer : {SamplerKind::kParallelTempering, SamplerKind::kAnnealed}) {
    const std::string message = message_of(ErrorCode::kUsage, [&] {
      make_kernel({.sampler = outer, .inner = SamplerKind::kAnnealed});
    });
    EXPECT_TRUE(contains(message, "inner = annealed")) << message;
  }
  const std::string message = message_of(ErrorCode::kUsage, [] {
    make_kernel({.sampler = SamplerKind::kParallelTempering, .inner = SamplerKind::kNesterov});
  });
  EXPECT_TRUE(contains(message, "inner = nesterov: has no temperature")) << message;
}

/// Evaluations that a chain takes by the kernel of the settings.
std::int64_t evaluations_of(const SamplerSettings& settings, std::int64_t n_steps) {
  std::int64_t n = 0;  // of the block: one thread, one block
  class Counted : public Energy {
   public:
    explicit Counted(std::int64_t& n) : n_(n) {}
    std::int64_t dim() const override { return 2; }
    std::int64_t context_dim() const override { return 1; }
    std::unique_ptr<Evaluator> make_evaluator(std::int64_t /*max_blocks*/) const override {
      struct Each : Evaluator {
        std::int64_t& n;
        explicit Each(std::int64_t& count) : n(count) {}
        void evaluate(const BlockView& chains, std::span<float> energy,
                      std::span<float> energy_grad) override {
          ++n;
          std::ranges::fill(energy, 0.0f);
          std::ranges::copy(chains.x, energy_grad.begin());
        }
      };
      return std::make_unique<Each>(n_);
    }

   private:
    std::int64_t& n_;
  };
  const auto kernel = make_kernel(settings);
  ChainStore chains(16, 2, 1);
  if (kernel->keeps_momentum()) chains.require_momentum();
  chains.load_rows(std::vector<float>(32, 0.5f));
  chains.load_context(std::vector<float>(16, 1.0f));
  run_chains(Counted(n), *kernel, chains, {.n_steps = n_steps, .n_threads = 1});
  return n;
}

TEST(SamplerSettingsTest, GradientsAreCountedAsTheyAreEvaluated) {
  for (const std::string& name : sampler_names()) {
    SamplerSettings settings{.sampler = sampler_kind(name)};
    settings.schedules.n_steps = 9;
    settings.n_levels = 3;
    settings.step_size = 0.3f;  // of a flow of time 1: 4 steps of Heun
    settings.n_leapfrog = 5;
    for (const std::int64_t n_steps : {1, 3, 4, 6, 8, 9, 12}) {
      SCOPED_TRACE(name + ", " + std::to_string(n_steps) + " steps");
      const std::int64_t counted = n_gradients(settings, n_steps);
      const std::int64_t found = evaluations_of(settings, n_steps);
      if (settings.sampler == SamplerKind::kNuts) {
        EXPECT_LE(found, counted + 1);
        EXPECT_GE(found, n_steps);
        continue;
      }
      // Kernels that begin with half a step of the momentum, or compare energies.
      const bool evaluates_start = target_acceptance(settings.sampler).has_value() ||
                                   settings.sampler == SamplerKind::kParallelTempering ||
                                   settings.sampler == SamplerKind::kUnderdamped;
      EXPECT_EQ(found, counted + (evaluates_start ? 1 : 0));
    }
  }
}

TEST(TargetTemperatureTest, IsThatOfTheNoiseOrOfTheLastStep) {
  // σ²/(2λ) = 0.04/(2·0.1)
  EXPECT_FLOAT_EQ(target_temperature({.step_size = 0.1f, .temperature = 3.0f, .noise_scale = 0.2f}),
                  0.2f);
  EXPECT_EQ(target_temperature({.temperature = 3.0f}), 3.0f);
  EXPECT_EQ(
      target_temperature({.sampler = SamplerKind::kHmc, .temperature = 3.0f, .noise_scale = 0.2f}),
      3.0f);
  SamplerSettings annealed{.sampler = SamplerKind::kAnnealed, .temperature = 3.0f};
  annealed.schedules = {.n_steps = 50, .temperature = parse_schedule("T", "geometric:4:0.25")};
  EXPECT_FLOAT_EQ(target_temperature(annealed), 0.25f);
}

}  // namespace
}  // namespace ebm::samplers
