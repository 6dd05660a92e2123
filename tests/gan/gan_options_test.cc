#include "gan/gan_options.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace ebm::gan {
namespace {

GanOptions resolved(const std::string& objective, const std::string& spectral_norm = "auto") {
  GanOptions options;
  training::ConfigTable table = options.table();
  table.assign("objective=" + objective);
  table.assign("spectral_norm=" + spectral_norm);
  data::Dataset points;
  points.shape = {2, 1, 1};
  points.is_image = false;
  options.resolve(points, table);
  return options;
}

TEST(GanOptionsTest, SpectralNormsAreForObjectivesThatDoNotConstrainTheGradient) {
  EXPECT_EQ(resolved("ns").spectral_norm, SpectralNorm::kForward);
  EXPECT_EQ(resolved("hinge").spectral_norm, SpectralNorm::kForward);
  for (const char* objective : {"wgan", "wgan-gp", "gan-qp", "energy"}) {
    EXPECT_EQ(resolved(objective).spectral_norm, SpectralNorm::kNone) << objective;
  }
  EXPECT_EQ(resolved("wgan", "operator").spectral_norm, SpectralNorm::kOperator);
  EXPECT_EQ(resolved("ns", "none").spectral_norm, SpectralNorm::kNone);
}

TEST(GanOptionsTest, DefaultsOfOtherObjectivesAreNoFault) {
  GanOptions options = resolved("hinge");
  EXPECT_NO_THROW(options.validate());
  options.clip = 0.5;
  try {
    options.validate();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "clip: the objective hinge has none");
  }
  options = resolved("wgan");
  EXPECT_EQ(options.make_objective()->weight_clip(), 0.01);
}

}  // namespace
}  // namespace ebm::gan
