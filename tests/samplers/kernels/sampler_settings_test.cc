#include "samplers/kernels/sampler_settings.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "samplers/kernels/target_temperature.h"
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
