#include "evaluation/report/mode_search_report.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kThree = 3 << 24;  // a probability of 1 is 2^24 units

class ModeSearchReportTest : public testing::Test {
 protected:
  ModeSearchReportTest() {
    found_.map.modes = {landscape::Mode()};
    found_.map.modes[0].mass = 1.0;
    found_.map.modes[0].n_states = 1;
    found_.map.modes[0].exemplar = {0.25f};
    found_.map.n_states = 1;
    found_.walk.info.chains.assign(2, {});
  }
  ModeSearchReport report() const {
    return {model_, options_, settings_, landscape::StateKind::kKMeans, found_};
  }

  const models::EnergyModel model_ = models::open_model("toy:double-well");
  const ModeSearchOptions options_{.n = 2, .frames = 3, .lag = 7, .burn_in = 11};
  const samplers::SamplerSettings settings_{
      .sampler = samplers::SamplerKind::kHmc, .step_size = 0.125f, .temperature = 2.0f};
  ModeSearch found_;
};

TEST_F(ModeSearchReportTest, BeginsWithTheChains) {
  EXPECT_EQ(mode_search_text(report()).find(
                "2 chains of hmc, step size 0.125, T = 2, 3 frames 7 steps apart\n"),
            0u);
  found_.walk.info.chains[0] = {.n_transitions = 4, .acceptance_units = kThree};
  EXPECT_EQ(mode_search_text(report()).find("2 chains of hmc, step size 0.125, T = 2, 3 frames 7 "
                                            "steps apart, acceptance 0.750\n"),
            0u);
}

TEST_F(ModeSearchReportTest, TheDocumentHasChainsAndModes) {
  nlohmann::json document = mode_search_json(report());
  EXPECT_EQ(document["n"], 2);
  EXPECT_EQ(document["frames"], 3);
  EXPECT_EQ(document["lag"], 7);
  EXPECT_EQ(document["burn_in"], 11);
  EXPECT_EQ(document["sampler"], "hmc");
  EXPECT_EQ(document["step_size"], 0.125);
  EXPECT_EQ(document["temperature"], 2.0);
  EXPECT_EQ(document["states"], "k-means");
  EXPECT_EQ(document["modules"].size(), 1u);
  EXPECT_TRUE(document.contains("simd"));
  EXPECT_FALSE(document.contains("acceptance") || document.contains("terms"));
  found_.walk.info.chains[0] = {.n_transitions = 4, .acceptance_units = kThree};
  EXPECT_EQ(mode_search_json(report())["acceptance"], 0.75);
}

}  // namespace
}  // namespace ebm::evaluation
