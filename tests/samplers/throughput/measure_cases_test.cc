#include "samplers/throughput/measure_cases.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/stop_signal.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/function_energy.h"
#include "samplers/kernels/langevin.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

BenchCase case_of(std::shared_ptr<const Energy> energy, std::int64_t n_chains) {
  return {.energy_name = "wells",
          .energy = std::move(energy),
          .kernel = std::make_shared<Langevin>(LangevinOptions{.step_size = 0.01f}),
          .n_chains = n_chains,
          .n_steps = 5,
          .n_threads = 1};
}

const std::atomic<int> kNever{0};

TEST(MeasureCasesTest, GivesARowForEachCaseAfterAllRepetitions) {
  const auto wells = std::make_shared<DoubleWell>(2);
  const std::vector<BenchCase> cases{case_of(wells, 16), case_of(wells, 40)};
  std::vector<std::int64_t> order;
  std::vector<double> fractions;
  const auto rows = measure_cases(cases,
                                  {.repetitions = 3,
                                   .seed = 1,
                                   .on_progress =
                                       [&](const MeasureProgress& now) {
                                         order.push_back(now.at.n_chains);
                                         fractions.push_back(now.fraction);
                                         EXPECT_EQ(now.seconds_left.has_value(), order.size() > 2);
                                       }},
                                  kNever);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].n_chains, 16);
  EXPECT_EQ(rows[1].n_chains, 40);
  for (const BenchRow& row : rows) {
    EXPECT_EQ(row.repetitions, 3);
    EXPECT_EQ(row.dim, 2);
    EXPECT_GT(row.chain_steps_per_s, 0.0);
    EXPECT_EQ(row.ratio_to_torch, 0.0);
  }
  // The warm-ups, then the cases in turn.
  EXPECT_EQ(order, (std::vector<std::int64_t>{16, 40, 16, 40, 16, 40, 16, 40}));
  EXPECT_EQ(fractions[1], 0.0);
  EXPECT_NEAR(fractions[2], 0.25, 1e-12);  // one of four rounds
  EXPECT_LT(fractions[2], fractions[7]);
  EXPECT_LT(fractions[7], 1.0);
}

TEST(MeasureCasesTest, ASignalEndsIt) {
  const std::vector<BenchCase> cases{case_of(std::make_shared<DoubleWell>(2), 16)};
  std::atomic<int> stop{0};
  int n_shown = 0;
  const auto interrupt = [&](const MeasureProgress&) {
    if (++n_shown == 3) stop = 15;
  };
  try {
    measure_cases(cases, {.repetitions = 100, .on_progress = interrupt}, stop);
    FAIL() << "it went on";
  } catch (const base::Stopped& stopped) {
    EXPECT_EQ(stopped.signal, 15);
  }
  EXPECT_EQ(n_shown, 3);
}

TEST(MeasureCasesTest, AWrongGradientIsNotTimed) {
  const auto wrong = std::make_shared<FunctionEnergy>(
      2, [](std::span<const float> x, std::span<float> energy_grad) {
        energy_grad[0] = 2.0f * x[0];  // twice that of the energy
        energy_grad[1] = 2.0f * x[1];
        return 0.5f * (x[0] * x[0] + x[1] * x[1]);
      });
  const std::vector<BenchCase> cases{case_of(wrong, 16)};
  EXPECT_EQ(message_of(ErrorCode::kInternal, [&] { measure_cases(cases, {}, kNever); }),
            "langevin on wells is not timed: the gradient is not that of the energy");
}

TEST(MeasureCasesTest, AnEnergyOfLessPrecisionIsComparedWithItsGradientInFloat32) {
  const auto quadratic = [](float factor) {
    return std::make_shared<FunctionEnergy>(
        2, [factor](std::span<const float> x, std::span<float> energy_grad) {
          energy_grad[0] = factor * x[0];
          energy_grad[1] = factor * x[1];
          return 0.0f;  // has no difference quotients
        });
  };
  std::vector<BenchCase> cases{case_of(quadratic(1.2f), 16)};
  cases[0].in_float32 = quadratic(1.0f);
  EXPECT_EQ(measure_cases(cases, {}, kNever).size(), 1u);
  cases[0].energy = quadratic(1.3f);
  EXPECT_EQ(message_of(ErrorCode::kInternal, [&] { measure_cases(cases, {}, kNever); }),
            "langevin on wells is not timed: the gradient is not that of float32");
}

TEST(BenchRowTest, IsComparedWithLibTorchOnTheSameWork) {
  const BenchRow compiled{.energy = "uva",
                          .sampler = SamplerKind::kLangevin,
                          .backend = BenchBackend::kCompiled,
                          .precision = kFloat32Name,
                          .dim = 784,
                          .n_chains = 128,
                          .n_steps = 20,
                          .n_threads = 2,
                          .repetitions = 5,
                          .chain_steps_per_s = 600.0,
                          .chain_steps_per_s_min = 600.0,
                          .chain_steps_per_s_max = 600.0,
                          .chain_steps_per_s_sd = 0.0,
                          .gradients_per_s = 600.0,
                          .ms = 1.0,
                          .gflops = 1.0};
  BenchRow torch = compiled, intra_op = compiled, other = compiled;
  torch.backend = BenchBackend::kTorch;
  torch.chain_steps_per_s = 200.0;
  intra_op.backend = BenchBackend::kTorchIntraOp;
  intra_op.chain_steps_per_s = 100.0;
  other.sampler = SamplerKind::kMala;
  std::vector<BenchRow> rows{compiled, torch, intra_op, other};
  compare_with_torch(rows);
  EXPECT_EQ(rows[0].ratio_to_torch, 3.0);
  EXPECT_EQ(rows[0].ratio_to_torch_intra_op, 6.0);
  EXPECT_EQ(rows[2].ratio_to_torch, 0.5);
  EXPECT_EQ(rows[3].ratio_to_torch, 0.0);
}

}  // namespace
}  // namespace ebm::samplers
