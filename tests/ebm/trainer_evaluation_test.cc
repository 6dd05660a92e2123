#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/feature_extractor.h"
#include "nets/architecture/with_classes.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/read_layer_weights.h"
#include "nets/files/safetensors.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "tests/ebm/trainer_case.h"
#include "tests/nets/expect_error.h"

namespace ebm {
namespace {
namespace fs = std::filesystem;

using Qualities = std::map<std::int64_t, std::vector<double>>;

/// Means of the quarters of an image of 8x8: four features.
class Quarters : public evaluation::FeatureExtractor {
 public:
  /// @param watch  called before each group of 32 images
  explicit Quarters(std::function<void()> watch) : watch_(std::move(watch)) {}
  std::int64_t dim() const override { return 64; }
  std::int64_t n_classes() const override { return 0; }
  const std::string& description() const override { return description_; }
  evaluation::ImageFeatures features_of(std::span<const float> rows, const std::string& /*name*/,
                                        int /*n_threads*/, const OnImages&) const override {
    evaluation::ImageFeatures out{.n = std::ssize(rows) / 64, .d = 4, .values = {}, .classes = {}};
    out.values.resize(rows.size() / 16);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % (32 * 64) == 0) watch_();
      out.values[i / 64 * 4 + i / 32 % 2 * 2 + i / 4 % 2] += rows[i] / 16;
    }
    return out;
  }

 private:
  std::function<void()> watch_;
  std::string description_ = "quarters";
};

/// Runs whose samples are evaluated at every fifth iteration.
class TrainerEvaluationTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    options_.eval_n = 80;
    options_.eval_budget = 0.4;  // 80·3 / (0.4·40·3) = 5
    evaluate_with([] {});
  }

  /// @param watch  called before each group of images
  void evaluate_with(std::function<void()> watch) {
    quality_.emplace(std::make_shared<Quarters>(std::move(watch)), dataset_, options_.quality());
  }

  static std::vector<std::int64_t> evaluated_at(const Qualities& qualities) {
    std::vector<std::int64_t> found;
    for (const auto& [iteration, values] : qualities) {
      if (values[0] >= 0) found.push_back(iteration);
    }
    return found;
  }
};

TEST_F(TrainerEvaluationTest, EvaluatesEveryPeriodAndTheLastRow) {
  Recorder recorder;
  train("a", recorder);
  EXPECT_EQ(evaluated_at(recorder.qualities), (std::vector<std::int64_t>{5, 10, 12}));
  // The buffer's 100 chains still are mostly noise.
  for (const std::int64_t i : {5, 10, 12}) EXPECT_GT(recorder.qualities.at(i)[1], 0);
}

TEST_F(TrainerEvaluationTest, ARunThatMinutesEndEvaluatesItsLastRow) {
  options_.iterations = 1'000'000;
  options_.eval_budget = 1e-6;  // the period is not reached
  options_.minutes = 0.002;
  Recorder recorder;
  train("a", recorder);
  ASSERT_FALSE(recorder.qualities.empty());
  EXPECT_EQ(evaluated_at(recorder.qualities),
            (std::vector<std::int64_t>{recorder.qualities.rbegin()->first}));
}

TEST_F(TrainerEvaluationTest, TheFigureIsThatOfTheSavedModelsSamples) {
  Recorder recorder;
  train("a", recorder);
  // The same walk by hand.
  const auto file = nets::read_safetensors(training::RunFolder(root_ / "a").model());
  const auto net = std::make_shared<nets::CompiledNet>(
      architecture_, nets::read_layer_weights(architecture_, file, "model"));
  const base::RandomKey key{7, base::Domain::kEvaluation, 0};
  std::vector<float> rows(80 * 64);
  samplers::draw_initial_states(key, std::uint64_t{1} << 63, 64, samplers::Box{-1, 1}, rows);
  samplers::HostChainDriver(net, std::make_shared<samplers::Langevin>(options_.langevin(true)), 1)
      .advance(rows, {.n_steps = 3, .key = key});
  const std::atomic<int> stop{0};
  EXPECT_EQ(recorder.qualities.at(12)[0], *quality_->distance_of(rows, "rows", stop));
}

TEST_F(TrainerEvaluationTest, SamplesOfClassesAreAsFrequentAsTheData) {
  label_by_place(dataset_);
  for (std::size_t i = 0; i < 30; ++i) dataset_.labels[i] = 2;
  architecture_ = nets::with_classes(architecture_, 4, nets::ClassCondition::kProjection);
  options_.condition = Condition::kClass;
  Recorder recorder;
  train("a", recorder);
  const auto file = nets::read_safetensors(training::RunFolder(root_ / "a").model());
  const auto net = std::make_shared<nets::CompiledNet>(
      architecture_, nets::read_layer_weights(architecture_, file, "model"));
  const base::RandomKey key{7, base::Domain::kEvaluation, 0};
  std::vector<float> rows(80 * 64);
  samplers::draw_initial_states(key, std::uint64_t{1} << 63, 64, samplers::Box{-1, 1}, rows);
  const auto labels = ClassConditions(dataset_, 0.1, 7).by_frequency(80);
  samplers::HostChainDriver(net, std::make_shared<samplers::Langevin>(options_.langevin(true)), 1)
      .advance(rows, {.n_steps = 3, .key = key, .context = labels});
  const std::atomic<int> stop{0};
  EXPECT_EQ(recorder.qualities.at(12)[0], *quality_->distance_of(rows, "rows", stop));
}

TEST_F(TrainerEvaluationTest, TrainingItselfStaysTheSame) {
  Recorder with, without;
  const std::string model = train("with", with);
  options_.eval_budget = 0;
  EXPECT_EQ(train("without", without), model);
  EXPECT_EQ(with.rows, without.rows);
  EXPECT_EQ(with.samples, without.samples);
  EXPECT_EQ(evaluated_at(without.qualities), std::vector<std::int64_t>{});
}

TEST_F(TrainerEvaluationTest, ABudgetWithoutAQualityIsRefused) {
  quality_.reset();
  nets::expect_error(ErrorCode::kUsage, "eval_budget: needs a quality that evaluates samples", [&] {
    Recorder recorder;
    train("a", recorder);
  });
}

TEST_F(TrainerEvaluationTest, FiguresDoNotDependOnThreadsOrInterruptions) {
  Recorder reference;
  const std::string model = train("whole", reference);
  for (const std::int64_t threads : {1, 3}) {
    options_.threads = threads;
    evaluate_with([] {});
    Recorder recorder;
    EXPECT_EQ(train(std::to_string(threads), recorder), model);
    EXPECT_EQ(recorder.qualities, reference.qualities);
  }
  for (const std::int64_t stop_at : {4, 5, 11}) {
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = "cut" + std::to_string(stop_at);
    train(name, recorder);
    EXPECT_EQ(train(name, recorder, true), model);
    EXPECT_EQ(recorder.qualities, reference.qualities) << name;
  }
}

TEST_F(TrainerEvaluationTest, ASignalInAnEvaluationLeavesItsIterationToTheResumedRun) {
  Recorder reference;
  const std::string model = train("whole", reference);
  Recorder recorder;
  // Of 100 or 80 images in two pieces, the reference's first: a group of the second evaluation.
  int n_groups = 0;
  evaluate_with([&] {
    if (++n_groups == 3 + 6 + 2) recorder.stop = 15;
  });
  options_.threads = 1;
  train("cut", recorder);
  EXPECT_EQ(end_, training::TrainingLoop::End::kSignal);
  EXPECT_EQ(recorder.rows.rbegin()->first, 9);
  EXPECT_TRUE(fs::exists(root_ / "cut/checkpoints/000009/state.json"));
  evaluate_with([] {});
  EXPECT_EQ(train("cut", recorder, true), model);
  EXPECT_EQ(recorder.rows, reference.rows);
  EXPECT_EQ(recorder.qualities, reference.qualities);
}

TEST_F(TrainerEvaluationTest, ALongerRunThanWasMeantIsTheSameAsALongOne) {
  options_.lr_decay_end = 20;
  options_.iterations = 23;
  options_.sample_every = 1;
  Recorder reference;
  const std::string model = train("whole", reference);
  EXPECT_EQ(evaluated_at(reference.qualities), (std::vector<std::int64_t>{5, 10, 15, 20, 23}));
  for (const std::int64_t log_every : {1, 3}) {
    options_.log_every = log_every;
    options_.iterations = 23;
    Recorder whole;
    const std::string name = "part" + std::to_string(log_every);
    train("whole" + name, whole);
    Recorder recorder;
    options_.iterations = 13;
    train(name, recorder);
    EXPECT_EQ(evaluated_at(recorder.qualities).back(), log_every == 1 ? 13 : 12);
    options_.iterations = 23;
    EXPECT_EQ(train(name, recorder, true), model);
    EXPECT_EQ(recorder.rows, whole.rows);
    EXPECT_EQ(recorder.qualities, whole.qualities);
    EXPECT_EQ(recorder.samples, whole.samples);
    EXPECT_EQ(nets::list_checkpoints(root_ / name / "checkpoints"),
              nets::list_checkpoints(root_ / ("whole" + name) / "checkpoints"));
  }
}

TEST_F(TrainerEvaluationTest, ARollBackEvaluatesAgain) {
  Recorder free;
  bound_saturation(free);
  Recorder reference;
  train("whole", reference);
  ASSERT_FALSE(reference.warnings.empty());
  EXPECT_NE(reference.qualities.at(20), free.qualities.at(20));
  for (const std::int64_t stop_at : {14, 17, 19}) {
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = "cut" + std::to_string(stop_at);
    train(name, recorder);
    recorder.stop_at = -1;
    train(name, recorder, true);
    EXPECT_EQ(recorder.qualities, reference.qualities) << name;
    EXPECT_EQ(recorder.rows, reference.rows) << name;
  }
}

TEST_F(TrainerEvaluationTest, ABufferOfFewerChainsHasNoFigure) {
  options_.buffer_policy =
      replay::Policy::kRing;  // 40 chains after one iteration, 80 after two, 100 after three
  options_.eval_n = 85;
  options_.eval_budget = 1;
  evaluate_with([] {});
  ASSERT_EQ(options_.evaluations().period, 3);
  options_.log_every = 2;
  options_.eval_budget = 0.9;
  ASSERT_EQ(options_.evaluations().period, 4);
  options_.iterations = 2;
  Recorder recorder;
  train("a", recorder);
  EXPECT_GT(recorder.qualities.at(2)[0], 0);
  EXPECT_EQ(recorder.qualities.at(2)[1], -1);
  options_.iterations = 4;
  train("b", recorder);
  EXPECT_GT(recorder.qualities.at(4)[1], 0);
}

}  // namespace
}  // namespace ebm
