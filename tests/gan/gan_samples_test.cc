#include "gan/gan_samples.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/stop_signal.h"
#include "samplers/initial_states.h"
#include "tests/gan/shifting_gan.h"
#include "tests/nets/expect_error.h"

namespace ebm::gan {
namespace {

const std::atomic<int> kNoStop{0};

/// Points as they are, as features of themselves.
class Itself : public evaluation::FeatureExtractor {
 public:
  std::int64_t dim() const override { return kShiftingLatents; }
  std::int64_t n_classes() const override { return 0; }
  const std::string& description() const override { return description_; }
  evaluation::ImageFeatures features_of(std::span<const float> rows, const std::string& /*name*/,
                                        int /*n_threads*/,
                                        const OnImages& /*on_images*/) const override {
    return {.n = std::ssize(rows) / kShiftingLatents,
            .d = kShiftingLatents,
            .values = {rows.begin(), rows.end()},
            .classes = {}};
  }

 private:
  std::string description_ = "points";
};

/// Against 400 draws of N((1, 0), I).
evaluation::LiveQuality quality_of_shifted_points() {
  data::Dataset dataset;
  dataset.n = 400;
  dataset.shape = {kShiftingLatents, 1, 1};
  dataset.is_image = false;
  dataset.values = std::vector<float>(400 * kShiftingLatents);
  samplers::draw_initial_states({.seed = 8, .domain = base::Domain::kSampleInit}, 0,
                                kShiftingLatents, std::nullopt,
                                std::get<std::vector<float>>(dataset.values));
  for (std::size_t i = 0; i < 400; ++i) {
    std::get<std::vector<float>>(dataset.values)[i * kShiftingLatents] += 1.0f;
  }
  return {std::make_shared<Itself>(), dataset, {.n = 400}};
}

TEST(GanSamplesTest, WithoutStepsAreWhatTheGeneratorMakesOfItsLatents) {
  const GanSamples samples = draw_gan_samples(shifting_gan(), {.n = 40, .seed = 3}, kNoStop);
  std::vector<float> latents(40 * kShiftingLatents);
  samplers::draw_initial_states({.seed = 3, .domain = base::Domain::kSampleInit}, 0,
                                kShiftingLatents, std::nullopt, latents);
  EXPECT_EQ(samples.rows, latents);  // G(z) = z
  EXPECT_FALSE(samples.walk);
  EXPECT_FALSE(samples.fd_before);
}

TEST(GanSamplesTest, StepsMoveTheLatentsThatItemsAreMadeOf) {
  const GanSampleOptions options{
      .n = 40,
      .latent_steps = 30,
      .settings = {.sampler = samplers::SamplerKind::kMala, .step_size = 0.3f},
      .seed = 3};
  const GanSamples samples = draw_gan_samples(shifting_gan(), options, kNoStop);
  ASSERT_TRUE(samples.walk);
  EXPECT_EQ(samples.rows, samples.walk->latents);
  EXPECT_NE(samples.rows, draw_gan_samples(shifting_gan(), {.n = 40, .seed = 3}, kNoStop).rows);
  GanSampleOptions threads = options;
  threads.n_threads = 3;
  EXPECT_EQ(draw_gan_samples(shifting_gan(), threads, kNoStop).rows, samples.rows);
}

TEST(GanSamplesTest, TheirQualityIsMeasuredBeforeAndAfterTheSteps) {
  const evaluation::LiveQuality quality = quality_of_shifted_points();
  const GanSamples still =
      draw_gan_samples(shifting_gan(), {.n = 400, .quality = quality, .seed = 3}, kNoStop);
  const GanSamples samples =
      draw_gan_samples(shifting_gan(),
                       {.n = 400,
                        .latent_steps = 60,
                        .settings = {.sampler = samplers::SamplerKind::kMala, .step_size = 0.3f},
                        .quality = quality,
                        .seed = 3},
                       kNoStop);
  EXPECT_EQ(still.fd_before, samples.fd_before);
  EXPECT_FALSE(still.fd_after);
  // |mean - (1, 0)|^2 is 1 before and 0 after; of 400 points each has a standard error of 0.1.
  EXPECT_NEAR(samples.fd_before.value(), 1.0, 0.4);
  EXPECT_LT(samples.fd_after.value(), 0.2);
}

TEST(GanSamplesTest, HaveToFitInMemory) {
  EXPECT_NO_THROW(GanSampleOptions{.n = 1000}.require_memory(shifting_gan()));
  nets::expect_error(ErrorCode::kUsage,
                     "n = 100000000000: that many samples of 2 values do not fit",
                     [] { GanSampleOptions{.n = 100'000'000'000}.require_memory(shifting_gan()); });
}

TEST(GanSamplesTest, ASignalEndsThem) {
  const std::atomic<int> stop{15};
  EXPECT_THROW(draw_gan_samples(shifting_gan(), {.n = 40}, stop), base::Stopped);
}

}  // namespace
}  // namespace ebm::gan
