#include "training/training_session.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/interruption.h"
#include "tests/nets/expect_error.h"
#include "tests/training/training_loop_case.h"
#include "training/session_report.h"

namespace ebm::training {
namespace {

class TrainingSessionTest : public TrainingLoopCase {
 protected:
  void SetUp() override {
    TrainingLoopCase::SetUp();
    dataset_.name = "points";
    dataset_.shape = {1, 1, 1};
    dataset_.is_image = false;
    dataset_.n = 1;
    table_.add("x", &x_, "a number");
  }
  TrainingSession session_of(FakeLearner& learner) const {
    return {.learner = learner,
            .dataset = dataset_,
            .table = table_,
            .options = options_,
            .files = {{"net.toml", "layers"}},
            .folder = root_ / "run",
            .program = "1.2.3"};
  }
  TrainingResult train_until(const TrainingSession& session) const {
    return training::train(session, [this]() -> const std::atomic<int>& { return stop_; });
  }
  std::string text_of(const char* file) const { return base::read_file(root_ / "run" / file); }

  data::Dataset dataset_;
  ConfigTable table_;
  double x_ = 0.5;
  std::atomic<int> stop_{0};
};

TEST_F(TrainingSessionTest, WritesTheRunAndSaysWhatWasMade) {
  FakeLearner learner;
  const TrainingResult result = train_until(session_of(learner));
  EXPECT_EQ(result.end, End::kIterations);
  EXPECT_EQ(result.iteration, 10);
  EXPECT_EQ(result.schedule_done, 1.0);
  EXPECT_EQ(result.fd, std::nullopt);
  EXPECT_EQ(result.bf16_unit, std::nullopt);
  EXPECT_EQ(model("run"), 55.0f);
  EXPECT_EQ(text_of("net.toml"), "layers");
  EXPECT_TRUE(text_of("config.toml").starts_with("x = 0.5\n\n[versions]\n"));
  EXPECT_NE(text_of("config.toml").find("1.2.3"), std::string::npos);
  const nlohmann::json document = session_json(result);
  EXPECT_EQ(document["run"], (root_ / "run").string());
  EXPECT_EQ(document["end"], "iterations");
  EXPECT_FALSE(document.contains("schedule_done"));
  EXPECT_EQ(session_text(result, "again"),
            "10 iterations made; the model is in " + result.model.string() + "\n");
}

TEST_F(TrainingSessionTest, ARunIsNotMadeTwiceUnlessItIsResumed) {
  FakeLearner first;
  options_.iterations = 4;
  train_until(session_of(first));
  FakeLearner second;
  nets::expect_error(ErrorCode::kUsage, "run", [&] { train_until(session_of(second)); });
  options_.iterations = 6;
  TrainingSession again = session_of(second);
  again.resume = true;
  EXPECT_EQ(train_until(again).iteration, 6);
  EXPECT_EQ(model("run"), 21.0f);
  FakeLearner third;
  options_.iterations = 5;
  TrainingSession shorter = session_of(third);
  shorter.resume = true;
  nets::expect_error(ErrorCode::kUsage, "has made 6, must be at least as many",
                     [&] { train_until(shorter); });
}

TEST_F(TrainingSessionTest, OtherVersionsAreAWarning) {
  FakeLearner first;
  train_until(session_of(first));
  FakeLearner second;
  TrainingSession newer = session_of(second);
  newer.resume = true;
  newer.program = "1.3.0";
  const TrainingResult result = train_until(newer);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_NE(result.warnings[0].find("1.2.3"), std::string::npos);
}

TEST_F(TrainingSessionTest, ASignalSaysHowToGoOn) {
  FakeLearner learner;
  learner.in_iteration = [this](std::int64_t iteration) {
    if (iteration == 3) stop_ = 15;
  };
  const TrainingResult result = train_until(session_of(learner));
  EXPECT_EQ(result.end, End::kSignal);
  EXPECT_EQ(session_text(result, "ebm train --resume"),
            "interrupted after 3 of 10 iterations; the model is in " + result.model.string() +
                "\ngo on with: ebm train --resume\n");
}

/// Counts what it is told.
class Listener : public TrainObserver {
 public:
  void on_start(std::int64_t iteration) override { started = iteration; }
  void on_iteration(const TrainStats&) override { ++n_iterations; }
  void on_log(const TrainStats& stats) override { last_log = stats.iteration; }
  void on_energies(std::int64_t, std::span<const float>, std::span<const float>) override {}
  void on_samples(std::int64_t, const ShownSamples&) override {}
  void on_saved(std::int64_t iteration) override { saved.push_back(iteration); }
  void on_warning(const std::string&) override {}

  std::int64_t started = -1, n_iterations = 0, last_log = 0;
  std::vector<std::int64_t> saved;
};

TEST_F(TrainingSessionTest, AnObserverIsToldAndMayEndTheRun) {
  FakeLearner learner;
  Listener listener;
  TrainingSession session = session_of(learner);
  session.observer = &listener;
  session.is_shown = false;
  session.options.log_every = 2;
  session.options.checkpoint_every = 4;
  session.options.is_end_requested = [&] { return listener.n_iterations == 7; };
  const TrainingResult result = train_until(session);
  EXPECT_EQ(result.end, End::kSignal);
  EXPECT_EQ(result.iteration, 7);
  EXPECT_EQ(listener.started, 0);
  EXPECT_EQ(listener.last_log, 6);
  EXPECT_EQ(listener.saved, (std::vector<std::int64_t>{4, 7}));
  EXPECT_EQ(model("run"), 28.0f);
}

TEST_F(TrainingSessionTest, AScopeOfTheCallerLeavesTheRunWhole) {
  FakeLearner learner;
  learner.in_iteration = [this](std::int64_t iteration) {
    if (iteration == 1) return;  // its length is not known
    if (iteration == 3) stop_ = 2;
    base::throw_if_interrupted();
  };
  const base::InterruptionScope scope(stop_);
  const TrainingResult result = train_until(session_of(learner));
  EXPECT_EQ(result.end, End::kSignal);
  EXPECT_EQ(result.iteration, 3);
  EXPECT_EQ(model("run"), 6.0f);
}

TEST(SessionReportTest, ATimeLimitSaysHowFarTheScheduleIs) {
  const TrainingResult result{.end = End::kMinutes,
                              .iteration = 50,
                              .n_iterations = 200,
                              .schedule_done = 0.25,
                              .folder = "run",
                              .model = "run/model.safetensors",
                              .fd = 1.5,
                              .bf16_unit = "F32"};
  EXPECT_EQ(session_text(result, "again"),
            "time limit reached after 50 of 200 iterations; the model is in run/model.safetensors\n"
            "the learning rate has made 25 % of its schedule; a run with --iterations 50 would "
            "make all of it\ngo on with: again\n");
  const nlohmann::json document = session_json(result);
  EXPECT_EQ(document["schedule_done"], 0.25);
  EXPECT_EQ(document["net_precision"], "bf16");
  EXPECT_EQ(document["bf16_unit"], "F32");
  EXPECT_EQ(document["fd"], 1.5);
}

}  // namespace
}  // namespace ebm::training
