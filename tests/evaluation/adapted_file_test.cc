#include "evaluation/adapted_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

TEST(AdaptedFileTest, StepSizeAndMassComeBackForTheSameSampler) {
  const std::filesystem::path file = testing::TempDir() + "adapted_file_test.json";
  write_adapted(
      file,
      {.sampler = samplers::SamplerKind::kHmc, .step_size = 0.125f, .inverse_mass = {1.0f, 4.0f}});
  samplers::SamplerSettings read{.sampler = samplers::SamplerKind::kHmc, .noise_scale = 1.0f};
  read_adapted(file, 2, read);
  EXPECT_EQ(read.step_size, 0.125f);
  EXPECT_EQ(read.inverse_mass, (std::vector<float>{1.0f, 4.0f}));
  EXPECT_FALSE(read.noise_scale);
  nets::expect_error(ErrorCode::kShape, "one for each of the 3 coordinates",
                     [&] { read_adapted(file, 3, read); });
  samplers::SamplerSettings other{.sampler = samplers::SamplerKind::kMala};
  nets::expect_error(ErrorCode::kUsage, "was found for hmc, the sampler is mala",
                     [&] { read_adapted(file, 2, other); });
  // As the sampler inside of another one.
  other = {.sampler = samplers::SamplerKind::kParallelTempering,
           .inner = samplers::SamplerKind::kHmc};
  read_adapted(file, 2, other);
  EXPECT_EQ(other.step_size, 0.125f);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace ebm::evaluation
