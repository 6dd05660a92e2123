#include "ebm/train_options.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "samplers/kernels/langevin.h"

namespace ebm {
namespace {

TEST(TrainOptionsTest, ToysGetTheirOwnDefaults) {
  TrainOptions options;
  auto table = options.table();
  table.assign("step_size=0.5");
  options.resolve(/*is_image=*/false, table);
  EXPECT_EQ(options.step_size, 0.5);
  EXPECT_EQ(options.noise_scale, 0.0625);
  EXPECT_EQ(options.net, "mlp");
  EXPECT_FALSE(options.langevin(false).box);
  EXPECT_FALSE(options.langevin(false).clamp_energy_grad);
  TrainOptions images;
  const auto image_table = images.table();
  images.resolve(true, image_table);
  EXPECT_EQ(images.net, "uva");
  EXPECT_EQ(images.lr_decay_end, images.iterations);
  EXPECT_TRUE(images.langevin(true).box);
}

TEST(TrainOptionsTest, NothingIsEvaluatedWithoutABudget) {
  TrainOptions options;
  EXPECT_EQ(options.evaluations().period, 0);
  options.eval_budget = 0.05;  // 2000 · 256 / (0.05 · 64 · 20)
  EXPECT_EQ(options.evaluations().period, 8000);
}

TEST(TrainOptionsTest, EvaluationsCountGradients) {
  // Periods of 2000·n / (0.05 · 64 · 3), raised to tens, of n gradients a sample.
  const auto period = [](const char* objective, const char* other) {
    TrainOptions options;
    auto table = options.table();
    for (const char* setting : {objective, "eval_budget=0.05", other}) table.assign(setting);
    options.resolve(true, table);
    return options.evaluations().period;
  };
  // 25 steps of Heun and 11 of Langevin: 61.
  EXPECT_EQ(period("objective=energy-matching", "seed=0"), 12710);
  // 4 steps of Heun, the last one shorter, and 32 of Langevin: 40.
  EXPECT_EQ(period("objective=energy-matching", "step_size=0.3"), 8340);
  EXPECT_EQ(period("objective=energy-matching", "sample_steps=10"), 4170);
  EXPECT_EQ(period("objective=dsm", "seed=0"), 20840);
  EXPECT_EQ(period("objective=nce", "seed=0"), 53340);
  EXPECT_EQ(period("objective=equilibrium", "seed=0"), 52090);
  // 240 of a sample, and 30 in training and three more: 2000·240 / (0.05 · 64 · 33).
  EXPECT_EQ(period("objective=recovery", "seed=0"), 4550);
  // Of 17 rows for each item: 2000·256 / (0.05 · 64 · 3 · 17).
  EXPECT_EQ(period("objective=discrepancy", "seed=0"), 3140);
}

TEST(TrainOptionsTest, ImagesHaveTheRateThatWonAndOthersThatOfAnyRun) {
  const auto resolved = [](bool is_image, const char* assignment) {
    TrainOptions options;
    auto table = options.table();
    table.assign(assignment);
    options.resolve(is_image, table);
    return options;
  };
  const TrainOptions images = resolved(true, "seed=1"), toys = resolved(false, "seed=1");
  EXPECT_EQ(images.learning_rate, 2e-3);
  EXPECT_NEAR(images.rate_at(images.iterations / 2, 0), 2e-3 * (0.02 + 0.98 / 2), 1e-12);
  EXPECT_EQ(images.ema_decay, 0.999);
  EXPECT_EQ(toys.learning_rate, 5e-4);
  EXPECT_EQ(toys.rate_at(toys.iterations / 2, 0), 5e-4);
  EXPECT_EQ(toys.ema_decay, 0.99);
  EXPECT_EQ(resolved(true, "objective=nce").learning_rate, 5e-4);
  EXPECT_EQ(resolved(false, "learning_rate=1e-3").learning_rate, 1e-3);
}

TEST(TrainOptionsTest, ADensityIsSampledAtItsOwnTemperature) {
  const auto temperature = [](const char* objective, const char* other) {
    TrainOptions options;
    auto table = options.table();
    table.assign(objective);
    table.assign(other);
    options.resolve(true, table);
    options.validate();
    return samplers::effective_temperature(static_cast<float>(options.step_size),
                                           static_cast<float>(options.noise_scale));
  };
  // exp(−E) is what these fit, on images as on points.
  for (const char* objective : {"objective=nce", "objective=ssm", "objective=discrepancy"}) {
    EXPECT_EQ(temperature(objective, "seed=0"), 1.0f) << objective;
  }
  EXPECT_EQ(temperature("objective=dsm", "noise_sd=0.3"), 1.0f);
  EXPECT_EQ(temperature("objective=ssm", "noise_scale=0.03125"), 0.25f);
  EXPECT_FLOAT_EQ(temperature("objective=cd", "seed=0"), 1.25e-6f);
}

TEST(TrainOptionsTest, BadValuesAreNamed) {
  const auto message = [](const char* assignment, const char* before = "seed=0") {
    TrainOptions options;
    auto table = options.table();
    try {
      table.assign(before);
      table.assign(assignment);
      options.resolve(true, table);
      options.validate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message("steps=20"), "");
  EXPECT_EQ(message("step_size=-1"), "step_size = -1: must be from 0 to 1e12");
  EXPECT_EQ(message("step_size=0"), "step_size = 0: must be a positive number");
  EXPECT_EQ(message("learning_rate=1e39"), "learning_rate = 1e+39: must be from 0 to 1e12");
  EXPECT_EQ(message("buffer_capacity=1000000000000000000"),
            "buffer_capacity = 1000000000000000000: must be from 1 to 10000000");
  EXPECT_EQ(message("batch_size=0"), "batch_size = 0: must be from 1 to 10000000");
  EXPECT_EQ(message("batch_size=9000"),
            "buffer_capacity = 8192: must be at least batch_size, 9000");
  EXPECT_EQ(message("objective=gan"),
            "objective = gan: must be one of cd, nce, energy-matching, dsm, dual, discrepancy, "
            "equilibrium, recovery, ssm");
  EXPECT_EQ(message("buffer_policy=stack"),
            "buffer_policy = stack: must be one of in-place, ring, reservoir");
  EXPECT_EQ(message("condition=class"), "");
  EXPECT_EQ(message("condition=text"), "condition = text: must be one of none, class");
  EXPECT_EQ(message("condition_by=text"),
            "condition_by = text: must be one of film, projection, logits");
  EXPECT_EQ(message("label_dropout=1"),
            "label_dropout = 1: must be left out unless condition = class");
  EXPECT_EQ(message("label_dropout=0.2"),
            "label_dropout = 0.2: must be left out unless condition = class");
  EXPECT_EQ(message("classify_weight=0.2"),
            "classify_weight = 0.2: must be left out unless condition = class");
  EXPECT_EQ(message("guard_class_gap=0.2"),
            "guard_class_gap = 0.2: must be left out unless condition = class");
  EXPECT_EQ(message("condition_by=logits"),
            "condition_by = logits: must be left out unless condition = class");
  EXPECT_EQ(message("label_dropout=1", "condition=class"), "label_dropout = 1: must be in [0, 1)");
  EXPECT_EQ(message("guidance=2"), "guidance = 2: must be left out unless condition = class");
  EXPECT_EQ(message("guidance=2", "condition=class"), "");
  EXPECT_EQ(message("guidance=nan", "condition=class"), "guidance = nan: must be finite");
  EXPECT_EQ(message("guard_class_gap=0", "condition=class"),
            "guard_class_gap = 0: must be positive");
  EXPECT_EQ(message("classify_weight=-1", "condition=class"),
            "classify_weight = -1: must be from 0 to 1e12");
  EXPECT_EQ(message("ema_decay=1"), "ema_decay = 1: must be in [0, 1)");
  EXPECT_EQ(message("restart_probability=2").find("restart_probability = 2"), 0u);
  EXPECT_EQ(message("augment_probability=2", "augment_flip=true"),
            "augment_probability = 2: must be from 0 to 1");
  EXPECT_EQ(message("augment_shift=-1"), "augment_shift = -1: must be 0 or more");
  EXPECT_EQ(message("augment_colour=nan"), "augment_colour = nan: must be from 0 to 1");
  EXPECT_EQ(message("beta1=1").find("beta1 = 1"), 0u);
  EXPECT_EQ(message("guard_patience=0").find("guard_patience = 0"), 0u);
  EXPECT_EQ(message("eval_budget=2"), "eval_budget = 2: must be from 0 to 1");
  EXPECT_EQ(message("eval_budget=nan"), "eval_budget = nan: must be from 0 to 1");
  EXPECT_EQ(message("eval_n=1"), "eval_n = 1: must be from 2 to 10000000");
  EXPECT_EQ(message("features=x.pt"), "features = x.pt: must be left out, as eval_budget is 0");
  EXPECT_EQ(message("learning_rate=0").find("learning_rate = 0"), 0u);
}

}  // namespace
}  // namespace ebm
