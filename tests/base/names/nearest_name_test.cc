#include "base/names/nearest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace ebm::base {
namespace {

const std::vector<std::string> kKnown = {"langevin", "mala", "hmc", "tempering"};

TEST(NearestNameTest, FindsTheNameBehindASlip) {
  EXPECT_EQ(nearest_name("langevn", kKnown), "langevin");
  EXPECT_EQ(nearest_name("lagnevin", kKnown), "langevin");
  EXPECT_EQ(nearest_name("HMC", kKnown), "hmc");
  EXPECT_EQ(nearest_name("mallla", kKnown), "mala");
}

TEST(NearestNameTest, CountsSwappedLettersOnce) {
  // Two substitutions, which are too many for three letters.
  EXPECT_EQ(nearest_name("hcm", kKnown), "hmc");
  EXPECT_EQ(nearest_name("maal", kKnown), "mala");
}

TEST(NearestNameTest, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("gibbs", kKnown), "");
  EXPECT_EQ(nearest_name("", kKnown), "");
  EXPECT_EQ(nearest_name("x", kKnown), "");
  EXPECT_EQ(nearest_name("mala", {}), "");
}

TEST(NearestNameTest, TakesTheFirstOfEquallyNearNames) {
  const std::vector<std::string> known = {"bat", "cat"};
  EXPECT_EQ(nearest_name("rat", known), "bat");
}

TEST(NearestNameTest, KnowsWhatThingsAreCalledElsewhere) {
  const std::vector<std::string> keys = {"iterations", "learning_rate", "batch_size", "steps"};
  EXPECT_EQ(nearest_name("lr", keys), "learning_rate");
  EXPECT_EQ(nearest_name("LR", keys), "learning_rate");
  EXPECT_EQ(nearest_name("bs", keys), "batch_size");
  EXPECT_EQ(nearest_name("epochs", keys), "iterations");
  EXPECT_EQ(nearest_name("num-steps", keys), "steps");
  const std::vector<std::string> options = {"--n", "--step-size", "--threads"};
  EXPECT_EQ(nearest_name("--num_samples", options), "--n");
  EXPECT_EQ(nearest_name("--lr", options), "--step-size");
  EXPECT_EQ(nearest_name("--lr", kKnown), "");
}

TEST(NearestNameTest, PrefersTheOnlyNameThatHasTheWord) {
  const std::vector<std::string> classes = {"T-shirt/top", "Coat", "Shirt", "Ankle boot", "Bag"};
  EXPECT_EQ(nearest_name("boot", classes), "Ankle boot");
  EXPECT_EQ(nearest_name("BOOT", classes), "Ankle boot");
  EXPECT_EQ(nearest_name("top", classes), "T-shirt/top");
  EXPECT_EQ(nearest_name("shirt", classes), "Shirt");  // in two of them: the nearest
  EXPECT_EQ(nearest_name("boat", classes), "Coat");    // no word
  const std::vector<std::string> keys = {"step_size", "steps"};
  EXPECT_EQ(nearest_name("step", keys), "steps");  // a slip
  const std::vector<std::string> options = {"--noise-scale", "--box", "--box-rule"};
  EXPECT_EQ(nearest_name("--scale", options), "--noise-scale");
}

TEST(NearestNameTest, CompletesWhatBeginsOneNameOnly) {
  const std::vector<std::string> keys = {"iterations", "sample_every", "sample_steps"};
  EXPECT_EQ(nearest_name("iter", keys), "iterations");
  EXPECT_EQ(nearest_name("samp", keys), "");
  EXPECT_EQ(nearest_name("it", keys), "");
}

}  // namespace
}  // namespace ebm::base
