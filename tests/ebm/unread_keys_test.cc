#include "ebm/unread_keys.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ebm/conditioned_net.h"
#include "ebm/gaussian_noise.h"
#include "tests/ebm/trainer_case.h"

namespace ebm {
namespace {

using Settings = std::vector<std::string>;

/// Another value than each key has by itself, which a run can have.
const std::map<std::string, std::string>& other_values() {
  static const std::map<std::string, std::string> values{{"augment_colour", "0.5"},
                                                         {"augment_flip", "true"},
                                                         {"augment_probability", "0.5"},
                                                         {"augment_shift", "2"},
                                                         {"base", "a flow"},
                                                         {"buffer_capacity", "200"},
                                                         {"buffer_policy", "ring"},
                                                         {"buffer_storage", "uint8"},
                                                         {"clamp_energy_grad", "0.001"},
                                                         {"classify_weight", "0.5"},
                                                         {"condition_by", "logits"},
                                                         {"contrast_start", "0.4"},
                                                         {"contrast_weight", "0.3"},
                                                         {"data_sd", "0.7"},
                                                         {"energy_l2", "0.3"},
                                                         {"energy_scale", "3"},
                                                         {"guard_class_gap", "1e-09"},
                                                         {"guidance", "2"},
                                                         {"guidance_end", "0.7"},
                                                         {"guidance_start", "0.2"},
                                                         {"guard_energy_gap", "1e-09"},
                                                         {"guard_saturation", "1e-09"},
                                                         {"kl_weight", "0.5"},
                                                         {"label_dropout", "0.5"},
                                                         {"momentum", "0.8"},
                                                         {"noise", "a flow"},
                                                         {"noise_levels", "5"},
                                                         {"noise_learning_rate", "0.1"},
                                                         {"noise_scale", "0.03"},
                                                         {"noise_sd", "0.5"},
                                                         {"noise_sd_max", "3"},
                                                         {"noise_sd_min", "0.1"},
                                                         {"optimal_pairs", "true"},
                                                         {"persistent", "false"},
                                                         {"perturbations", "5"},
                                                         {"restart_probability", "0.5"},
                                                         {"stabilisation", "7"},
                                                         {"step_size", "0.7"},
                                                         {"steps", "2"}};
  return values;
}

/// What the run of a key and its counterpart without it have beside the objective, so that the key
/// has something to act on.
Settings setting_of(const std::string& key, const std::string& objective) {
  const bool is_of_classes = key == "classify_weight" || key == "condition_by" ||
                             key == "guard_class_gap" || key == "guidance" ||
                             key == "label_dropout";
  // A class is watched once some hundred of its rows have been seen.
  if (key == "guard_class_gap") {
    return {"condition=class", "iterations=60", "steps=2", "sample_every=0"};
  }
  if (is_of_classes) return {"condition=class"};
  if (key.starts_with("guidance_")) return {"condition=class", "guidance=2"};
  if (key == "noise_learning_rate") return {"noise=a flow"};
  if (key == "augment_probability") return {"augment_flip=true"};
  if (objective == "energy-matching" && key != "contrast_weight") {
    return {"contrast_weight=0.2", "noise_scale=0.05"};
  }
  if (objective == "energy-matching") return {"noise_scale=0.05"};
  const bool is_of_levels = key == "noise_sd_min" || key == "noise_sd_max" || key == "data_sd";
  if (objective == "dsm" && !is_of_levels) {
    return {"noise_sd=0.3", "noise_sd_min=0", "noise_sd_max=0"};
  }
  return {};
}

/// Writes all figures down, of whatever objective, but for those of the clock.
struct AllFigures : Recorder {
  std::ostringstream text;
  void on_log(const training::TrainStats& s) override {
    for (const auto& figure : s.figures) {
      const std::string_view name(figure.name);
      const bool is_of_the_clock = name == "seconds" || name.ends_with("_per_s");
      if (!is_of_the_clock) text << s.value(figure.name) << ",";
    }
  }
  void on_energies(std::int64_t /*iteration*/, std::span<const float> /*of_data*/,
                   std::span<const float> /*of_samples*/) override {}
};

class UnreadKeysTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    label_by_place(dataset_);
  }
  TrainOptions options_with(const Settings& settings, bool is_image = true) {
    TrainOptions options;
    training::ConfigTable table = options.table();
    for (const char* each : {"iterations=8", "batch_size=90", "log_every=1", "sample_every=4",
                             "sample_steps=36", "guard_patience=1", "threads=1"}) {
      table.assign(each);
    }
    if (is_image) table.assign("net=mlp-silu");
    for (const std::string& each : settings) table.assign(each);
    options.resolve(is_image, table);
    return options;
  }
  /// All that a run shows: its rows, pictures, warnings and model, why it ended, and what it needs.
  std::string outcome(const Settings& settings) {
    options_ = options_with(settings);
    std::ostringstream text;
    text.precision(17);
    text << options_.torch_setting() << ";";
    const auto noise = gaussian_noise(dataset_, 0);
    if (options_.needs().negatives == NegativeSource::kNoise) noise_ = *noise;
    AllFigures recorder;
    recorder.text.precision(17);
    try {
      if (options_.noise_sd_max > 0.0 && options_.data_sd == 0.0) options_.data_sd = 0.5;
      architecture_ = conditioned_preset(options_, dataset_);
      text << train("run" + std::to_string(n_runs_++), recorder);
    } catch (const Error& error) {
      const std::string what = error.what();
      text << what.substr(0, what.find("; the model"));
    }
    text << recorder.text.str();
    for (const auto& [iteration, rows] : recorder.samples) {
      for (const float value : rows) text << value << ",";
    }
    for (const std::string& line : recorder.warnings) text << line;
    noise_.reset();
    return text.str();
  }
  static std::string refusal_of(TrainOptions& options, const training::ConfigTable& table) {
    try {
      options.resolve(true, table);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  }

 private:
  int n_runs_ = 0;
};

/// Settings that some objective does not read.
std::set<std::string> selective_keys() {
  std::set<std::string> keys;
  for (const ObjectiveEntry& entry : objective_table()) {
    keys.insert(entry.reads.begin(), entry.reads.end());
  }
  return keys;
}

TEST_F(UnreadKeysTest, EveryKeyThatAnObjectiveReadsActs) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const std::string key : entry.reads) {
      if (key == "guard_class_gap") continue;  // with the keys of classes, below
      if (key == "augment_colour") continue;   // with images of three channels, below
      SCOPED_TRACE(entry.name + (": " + key));
      Settings settings = setting_of(key, entry.name);
      settings.insert(settings.begin(), std::string("objective=") + entry.name);
      const std::string without = outcome(settings);
      settings.push_back(key + "=" + other_values().at(key));
      EXPECT_TRUE(outcome(settings) != without);
    }
  }
}

TEST_F(UnreadKeysTest, EveryKeyThatAnObjectiveDoesNotReadIsRefused) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const std::string& key : selective_keys()) {
      bool is_read = false;
      for (const std::string read : entry.reads) is_read = is_read || read == key;
      for (const bool is_default : {true, false}) {
        TrainOptions options;
        training::ConfigTable table = options.table();
        table.assign(std::string("objective=") + entry.name);
        for (const std::string& each : setting_of(key, entry.name)) {
          if (is_read) table.assign(each);
        }
        std::string value = other_values().at(key);
        for (const auto& row : table.keys()) {
          if (is_default && row.name == key) value = training::ConfigTable::plain_text(row);
        }
        if (is_default && is_read) continue;
        table.assign(key + "=" + value);
        EXPECT_EQ(refusal_of(options, table),
                  is_read
                      ? ""
                      : key + " = " + value + ": must be left out with objective = " + entry.name);
      }
    }
  }
}

TEST_F(UnreadKeysTest, KeysOfAPartThatIsSwitchedOffAreRefused) {
  const auto refusal = [](const Settings& settings) {
    TrainOptions options;
    training::ConfigTable table = options.table();
    for (const std::string& each : settings) table.assign(each);
    return refusal_of(options, table);
  };
  for (const std::string key :
       {"buffer_capacity=200", "buffer_storage=uint8", "restart_probability=0.05"}) {
    EXPECT_TRUE(
        refusal({"persistent=false", key}).ends_with(": must be left out with persistent = false"));
    EXPECT_EQ(refusal({key}), "");
  }
  EXPECT_EQ(refusal({"augment_probability=0.5"}),
            "augment_probability = 0.5: must be left out without augment_flip, augment_shift or "
            "augment_colour");
  EXPECT_EQ(refusal({"augment_probability=0.5", "augment_shift=1"}), "");
  EXPECT_EQ(refusal({"persistent=false", "augment_flip=true"}),
            "augment_flip = true: must be left out with persistent = false");
  EXPECT_EQ(refusal({"persistent=false", "buffer_policy=ring"}),
            "buffer_policy = ring: must be left out with persistent = false");
  for (const std::string key :
       {"contrast_start=0.8", "guard_energy_gap=10", "guard_saturation=0.9"}) {
    EXPECT_TRUE(refusal({"objective=energy-matching", key})
                    .ends_with(": must be left out with contrast_weight = 0"));
    EXPECT_EQ(refusal({"objective=energy-matching", "contrast_weight=1", key}), "");
  }
  for (const std::string key : {"step_size=0.01", "noise_scale=0.1", "clamp_energy_grad=0.5"}) {
    EXPECT_TRUE(refusal({"objective=dsm", key})
                    .ends_with(": must be left out with levels of noise up to noise_sd_max"));
    EXPECT_EQ(refusal({"objective=dsm", "noise_sd=0.1", key}), "");
  }
  EXPECT_EQ(refusal({"objective=dsm", "noise_sd=0.1", "data_sd=0.5"}),
            "data_sd = 0.5: must be left out with noise_sd");
  for (const std::string key :
       {"label_dropout=0.1", "classify_weight=0", "guard_class_gap=0.2", "condition_by=film"}) {
    EXPECT_TRUE(refusal({key}).ends_with(": must be left out unless condition = class"));
    EXPECT_EQ(refusal({"condition=class", key}), "");
  }
  EXPECT_EQ(refusal({"condition=class", "net=own.toml", "condition_by=logits"}),
            "condition_by = logits: must be left out, as own.toml has its own layers");
}

TEST_F(UnreadKeysTest, ColoursAct) {
  dataset_.shape = {3, 4, 5};
  std::get<0>(dataset_.values).resize(90 * 60);
  const std::string without = outcome({});
  EXPECT_TRUE(outcome({"augment_colour=0.5"}) != without);
  EXPECT_TRUE(outcome({}) == without);
}

TEST_F(UnreadKeysTest, ClassKeysAct) {
  for (const std::string key :
       {"classify_weight", "condition_by", "guard_class_gap", "label_dropout"}) {
    SCOPED_TRACE(key);
    Settings settings = setting_of(key, "cd");
    const std::string without = outcome(settings);
    settings.push_back(key + "=" + other_values().at(key));
    EXPECT_TRUE(outcome(settings) != without);
  }
}

/// The refusal of settings of a file, or of a run that goes on, at an objective.
std::string refusal_in(const std::string& toml, training::KeyOrigin origin,
                       const std::string& objective, TrainOptions& options) {
  training::ConfigTable table = options.table();
  table.read_toml(toml, "c.toml", origin);
  table.assign("objective=" + objective);
  try {
    options.resolve(true, table);
    options.validate();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(UnreadKeysTest, FilesMayHaveTheValuesThatKeysHaveByThemselves) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const bool is_image : {true, false}) {
      // What a run of another objective, on images or on toys, records.
      TrainOptions recorded = options_with({std::string("objective=") + entry.name}, is_image);
      TrainOptions options;
      EXPECT_EQ(
          refusal_in(recorded.table().to_toml(), training::KeyOrigin::kFile, entry.name, options),
          "")
          << entry.name;
    }
  }
  TrainOptions options;
  EXPECT_EQ(refusal_in("steps = 30", training::KeyOrigin::kFile, "dsm", options),
            "steps = 30: must be left out with objective = dsm");
}

TEST_F(UnreadKeysTest, ARunThatGoesOnMayHaveRecordedWhatItDoesNotRead) {
  TrainOptions options;
  EXPECT_EQ(refusal_in("steps = 30\npersistent = false\nbuffer_policy = \"ring\"\nenergy_l2 = 0.0",
                       training::KeyOrigin::kRun, "energy-matching", options),
            "");
  EXPECT_EQ(options.steps, TrainOptions().steps);
  EXPECT_TRUE(options.persistent);
  EXPECT_EQ(options.buffer_policy, TrainOptions().buffer_policy);
}

TEST_F(UnreadKeysTest, AProgramThatSetsThemIsToldToo) {
  TrainOptions options = options_with({"objective=nce"});
  options.validate();
  options.restart_probability = 0.3;
  EXPECT_THROW(options.validate(), Error);
  EXPECT_EQ(refusal_of(options, options.table()),
            "restart_probability = 0.3: must be left out with objective = nce");
}

TEST_F(UnreadKeysTest, TheHelpNamesTheObjectiveOfAKeyThatOneReads) {
  TrainOptions options;
  const training::ConfigTable table = options.table();
  for (const std::string& key : selective_keys()) {
    std::vector<std::string> readers;
    for (const ObjectiveEntry& entry : objective_table()) {
      for (const std::string read : entry.reads) {
        if (read == key) readers.emplace_back(entry.name);
      }
    }
    for (const auto& row : table.keys()) {
      if (row.name != key || readers.size() != 1 || key == "guard_class_gap") continue;
      EXPECT_TRUE(row.help.starts_with(readers[0] + ": ")) << key << ": " << row.help;
    }
  }
}

}  // namespace
}  // namespace ebm
