#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "data/batch_source.h"
#include "ebm/compiled_backend.h"
#include "ebm/conditioned_net.h"
#include "ebm/gaussian_noise.h"
#include "nets/architecture/with_classes.h"
#include "nets/files/model.h"
#include "nets/files/safetensors.h"
#include "tests/ebm/trainer_case.h"
#include "tests/nets/expect_error.h"
#include "tests/training/interrupt_iterations.h"

namespace ebm {
namespace {

/// The squares, their place as their class.
class TrainerClassesTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    options_.table().assign("condition=class");
    label_by_place(dataset_);
    read_class_by(nets::ClassCondition::kFilm);
  }
  void read_class_by(nets::ClassCondition how) {
    architecture_ = nets::with_classes(small_net(), 4, how);
  }
};

TEST_F(TrainerClassesTest, BitsDependOnNoThreadsAndNoInterruption) {
  for (const char* setting : {"buffer_policy=in-place", "buffer_policy=ring",
                              "buffer_policy=reservoir", "persistent=false"}) {
    options_.table().assign(setting);
    options_.kl_weight = std::string(setting) == "buffer_policy=ring" ? 0.5 : 0.0;
    options_.classify_weight = std::string(setting) == "buffer_policy=reservoir" ? 0.5 : 0.0;
    if (!options_.persistent) start_from_noise();
    Recorder whole;
    expect_bits_of_cuts(setting, whole);
    EXPECT_EQ(whole.line_names, dataset_.class_names);
  }
}

TEST_F(TrainerClassesTest, TheBufferKeepsTheLabelsOfItsChains) {
  options_.label_dropout = 0.25;
  options_.restart_probability = 0.0;
  Recorder recorder;
  train("a", recorder);
  const auto label_of = [&](std::int64_t iteration) {
    char folder[16];
    std::snprintf(folder, sizeof folder, "%06d", static_cast<int>(iteration));
    const auto file =
        nets::read_safetensors(root_ / "a/checkpoints" / folder / "replay.safetensors");
    EXPECT_EQ(file.tensor("context").shape, (std::vector<std::int64_t>{100, 1}));
    const auto labels = file.tensor("context").as_floats();
    return std::vector<float>(labels.begin(), labels.end());
  };
  // No chain restarts: every slot has the label that it began with.
  const ClassConditions classes(dataset_, 0.25, 7);
  std::vector<float> first(100);
  classes.draw_all(0, 0, first);
  EXPECT_EQ(label_of(4), first);
  EXPECT_EQ(label_of(12), first);
  EXPECT_GT(std::count(first.begin(), first.end(), 4.0f), 10);
}

TEST_F(TrainerClassesTest, ALabelOfTheBufferThatIsNoneOfItsClassesIsRefused) {
  options_.iterations = 4;
  Recorder recorder;
  train("a", recorder);
  Trainer trainer(options_, architecture_, dataset_);
  nets::CheckpointFiles files = nets::read_checkpoint(root_ / "a/checkpoints/000004");
  trainer.restore(files, "there");
  nets::SafetensorsFile replay = nets::parse_safetensors(files.at("replay.safetensors"), "replay");
  for (const float label : {5.0f, -1.0f, 0.5f, std::nanf("")}) {
    const auto labels = replay.tensor("context").as_floats();
    std::vector<float> changed(labels.begin(), labels.end());
    changed[3] = label;
    nets::SafetensorsFile damaged = replay;
    damaged.tensors.at("context") = nets::TensorData::from_floats({100, 1}, changed);
    files["replay.safetensors"] = nets::safetensors_bytes(damaged);
    nets::expect_error(ErrorCode::kBadData, "there/replay.safetensors: context ",
                       [&] { trainer.restore(files, "there"); });
  }
}

TEST_F(TrainerClassesTest, OtherLabelsOnResumeAreRefused) {
  Recorder recorder;
  recorder.stop_at = 5;
  train("a", recorder);
  dataset_.labels[17] = (dataset_.labels[17] + 1) % 4;
  EXPECT_THROW(train("a", recorder, true), Error);
}

TEST_F(TrainerClassesTest, AnInterruptedIterationIsUndone) {
  options_.batch_size = 90;
  options_.steps = 20;
  options_.buffer_capacity = 200;
  options_.classify_weight = 0.5;
  for (const std::string setting :
       {"buffer_policy=in-place", "buffer_policy=ring", "buffer_policy=reservoir"}) {
    TrainOptions options = options_;
    options.table().assign(setting);
    Trainer trainer(options, architecture_, dataset_);
    trainer.prepare();
    for (int i = 0; i < 4; ++i) ASSERT_FALSE(trainer.iterate());
    Recorder recorder;
    SCOPED_TRACE(setting);
    training::expect_that_iterations_are_undone(trainer, recorder);
  }
}

TEST_F(TrainerClassesTest, RollBackAfterAnInterruptionIsTheSameAsWithout) {
  Recorder whole;
  expect_bits_of_cut_roll_backs({5, 17}, whole);
}

TEST_F(TrainerClassesTest, AClassBeyondItsBoundIsDivergence) {
  options_.iterations = 80;
  options_.batch_size = 90;
  options_.sample_every = 0;
  options_.checkpoint_every = 10;
  options_.guard_patience = 2;
  Recorder reference;
  train("sound", reference);
  EXPECT_TRUE(reference.warnings.empty());
  // What run `name` says when it gives up, up to its folder.
  const auto failure = [&](const std::string& name, Recorder& recorder, bool resume) {
    try {
      train(name, recorder, resume);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kDiverged);
      const std::string text = error.what();
      return text.substr(0, text.find("; the model"));
    }
    return std::string("none");
  };
  options_.guard_class_gap = 1e-7;  // 1e-6 of the gap, as energy_l2 = 0.1
  Recorder whole;
  const std::string reason = failure("whole", whole, false);
  EXPECT_NE(reason.find("the mean energy gap of class "), std::string::npos) << reason;
  EXPECT_NE(reason.find(" was beyond +-1e-06 for 2 iterations, now "), std::string::npos) << reason;
  EXPECT_EQ(whole.warnings.size(), 3u);
  // Checkpoints hold the means.
  Recorder cut;
  cut.stop_at = 25;
  EXPECT_EQ(failure("cut", cut, false), "none");
  cut.stop_at = -1;
  EXPECT_EQ(failure("cut", cut, true), reason);
  EXPECT_EQ(cut.warnings, whole.warnings);
}

/// The columns of a row.
struct ColumnRecorder : Recorder {
  std::map<std::string, double> last;
  void on_log(const training::TrainStats& s) override {
    Recorder::on_log(s);
    for (const auto& figure : s.figures) last[figure.name] = s.value(figure.name);
  }
};

TEST_F(TrainerClassesTest, EveryClassHasFigures) {
  options_.restart_probability = 0.0;
  options_.classify_weight = 0.5;
  options_.batch_size = 90;
  ColumnRecorder recorder;
  train("a", recorder);
  double weighted = 0.0;
  for (const char* name : {"0", "1", "2", "3", "none"}) {
    const std::string klass = std::string("class_") + name;
    EXPECT_TRUE(std::isfinite(recorder.last.at("gap_" + klass))) << name;
    weighted += recorder.last.at("age_" + klass) / 5.0;
    EXPECT_NEAR(recorder.last.at("age_" + klass), recorder.last.at("buffer_age"), 12.0) << name;
  }
  EXPECT_NEAR(weighted, recorder.last.at("buffer_age"), 6.0);
  EXPECT_GT(recorder.last.at("cross_entropy"), 0.0);
  EXPECT_GE(recorder.last.at("accuracy"), 0.0);
  EXPECT_LE(recorder.last.at("accuracy"), 1.0);
}

TEST_F(TrainerClassesTest, TheModelKnowsItsClasses) {
  Recorder recorder;
  train("a", recorder);
  const nets::Model model = nets::read_model(root_ / "a/model.safetensors", {});
  EXPECT_EQ(model.architecture.classes, 4);
  EXPECT_EQ(model.class_names, dataset_.class_names);
  EXPECT_EQ(model.classify_weight, 0.0);
  options_.classify_weight = 0.125;
  train("b", recorder);
  EXPECT_EQ(nets::read_model(root_ / "b/model.safetensors", {}).classify_weight, 0.125);
}

TEST_F(TrainerClassesTest, NoiseContrastiveTrainingTakesClasses) {
  train_by(ObjectiveKind::kNoiseContrastive);
  const auto noise = gaussian_noise(dataset_, 0);
  noise_ = *noise;
  for (const auto how : {nets::ClassCondition::kFilm, nets::ClassCondition::kProjection,
                         nets::ClassCondition::kLogits}) {
    architecture_ =
        nets::with_classes({.name = "plain",
                            .input = {1, 8, 8},
                            .layers = {nets::Flatten{}, nets::Linear{.out_features = 8},
                                       nets::Activation{}, nets::Linear{.out_features = 1}}},
                           4, how);
    const std::string name = std::to_string(static_cast<int>(how));
    Trainer trainer(options_, architecture_, dataset_, {.noise = *noise});
    trainer.prepare();
    // The bias of the energies starts where the mean of E + ln p_n of the first items is 0.
    std::vector<float> items(40 * 64), log_noise(40);
    data::BatchSource(dataset_, options_.batches(0)).fill(0, items, {});
    noise->log_density(items, log_noise);
    double wanted = 0.0;
    for (const float value : log_noise) wanted -= double{value} / 40.0;
    ASSERT_EQ(trainer.iterate(), std::nullopt);
    for (const auto& figure : trainer.figures()) {
      if (std::string(figure.name) != "energy_data") continue;
      EXPECT_NEAR(std::get<double>(figure.value), wanted, 1e-4 * std::abs(wanted)) << name;
    }
    Recorder whole;
    expect_bits_of_cuts("run" + name, whole);
  }
}

TEST_F(TrainerClassesTest, ObjectivesWithoutNegativesHaveNoGapsOfClasses) {
  train_by(ObjectiveKind::kEnergyMatching);
  options_.resolve(true, options_.table());
  options_.log_every = 3;
  Trainer trainer(options_, architecture_, dataset_);
  trainer.prepare();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(trainer.iterate(), std::nullopt);
  for (const auto& figure : trainer.figures()) {
    EXPECT_EQ(std::string(figure.name).find("class_"), std::string::npos) << figure.name;
  }
  options_.guard_class_gap = 0.2;
  nets::expect_error(ErrorCode::kUsage, "guard_class_gap = 0.2: must be left out with objective",
                     [&] { Trainer(options_, architecture_, dataset_); });
}

TEST_F(TrainerClassesTest, TrainsInBfloat16) {
  Recorder in_float32;
  const std::string other = train("f32", in_float32);
  options_.table().assign("precision=bf16");
  expect_bits_of_threads("bf16");
  EXPECT_NE(base::read_file(root_ / "bf16/model.safetensors"), other);
}

TEST_F(TrainerClassesTest, WhatDoesNotFitIsRefused) {
  const auto expect = [&](const char* message) {
    nets::expect_error(ErrorCode::kUsage, message,
                       [&] { Trainer(options_, architecture_, dataset_); });
  };
  architecture_ = nets::with_classes(small_net(), 5, nets::ClassCondition::kFilm);
  expect("net = uva: has classes = 5; condition = class expects classes = 4, as squares has");
  architecture_ = small_net();
  expect("net = uva: has no classes; condition = class expects classes = 4");
  read_class_by(nets::ClassCondition::kFilm);
  dataset_.labels.clear();
  expect("condition = class: squares has no labels");
  options_.table().assign("condition=none");
  expect("net = uva: has classes = 4; expected condition = class (--set condition=class)");
}

TEST_F(TrainerClassesTest, APresetReadsTheClassAsItIsTold) {
  options_.net = "uva";
  options_.condition_by = nets::ClassCondition::kLogits;
  const nets::Architecture net = conditioned_preset(options_, dataset_);
  EXPECT_EQ(net.classes, 4);
  EXPECT_TRUE(std::holds_alternative<nets::ClassLogits>(net.layers.back().op));
  options_.condition = Condition::kNone;
  options_.condition_by = nets::ClassCondition::kFilm;
  EXPECT_EQ(conditioned_preset(options_, dataset_).classes, 0);
}

/// n points of N(±1, ½²) by turns, with the side as their label.
data::Dataset two_sides(std::int64_t n, std::uint64_t seed) {
  data::Dataset dataset;
  dataset.name = "sides";
  dataset.n = n;
  dataset.shape = {1, 1, 1};
  dataset.is_image = false;
  std::vector<float> values;
  for (std::int64_t i = 0; i < n; ++i) {
    base::RandomStream random({.seed = seed, .domain = base::Domain::kToyData},
                              static_cast<std::uint64_t>(i));
    values.push_back(static_cast<float>((i % 2 == 0 ? -1.0 : 1.0) + 0.5 * random.next_normal()));
    dataset.labels.push_back(static_cast<std::int32_t>(i % 2));
  }
  dataset.values = std::move(values);
  return dataset;
}

/// Share of 2000 new points at which the energy of their side is the lower one, after training on
/// `dataset`.
double share_right(const data::Dataset& dataset, const char* condition_by) {
  TrainOptions options;
  auto table = options.table();
  for (const std::string setting : {"condition=class", "iterations=600", "threads=2", "net=mlp"}) {
    table.assign(setting);
  }
  table.assign(std::string("condition_by=") + condition_by);
  options.resolve(dataset, table);
  const nets::Architecture net = conditioned_preset(options, dataset);
  Trainer trainer(options, net, dataset);
  trainer.prepare();
  for (int i = 0; i < options.iterations; ++i) EXPECT_EQ(trainer.iterate(), std::nullopt);
  training::TrainedNet trained(net, 0);
  trained.restore(trainer.model(), "model");
  const data::Dataset fresh = two_sides(2000, 9);
  const auto& points = std::get<std::vector<float>>(fresh.values);
  const auto evaluated = compiled_backend(net, nets::Precision::kFloat32, "net", 2)(trained, {});
  const auto energies = [&](float label) {
    const std::vector<float> labels(2000, label);
    return evaluated->energy_gradients({points, labels}).energies;
  };
  const auto left = energies(0.0f), right = energies(1.0f);
  double n_right = 0.0;
  for (std::size_t i = 0; i < 2000; ++i) n_right += (i % 2 == 0) == (left[i] < right[i]) ? 1 : 0;
  return n_right / 2000.0;
}

// The best rule, the nearer side, is right for Φ(2) = 97.7 % of the points. Energies of two classes
// have an unknown constant each, which the sum of squares keeps near 0: a threshold off by half a
// standard deviation, ¼, still is right for (Φ(1.5) + Φ(2.5))/2 = 96.3 %, by one, for 91.7 %. With
// labels at random no rule is right for more than half of the points: ½ ± 5·0.011.
TEST_F(TrainerClassesTest, TheEnergyOfTheRightClassIsLower) {
  const data::Dataset dataset = two_sides(4000, 1);
  for (const char* how : {"film", "projection", "logits"}) {
    EXPECT_GT(share_right(dataset, how), 0.917) << how;
  }
}

}  // namespace
}  // namespace ebm
