#include "flow/flow_of_run.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/atomic_file.h"
#include "flow/flow_energy.h"
#include "flow/flow_model.h"
#include "flow/flow_noise.h"
#include "nets/files/model.h"
#include "nets/files/model_part.h"
#include "samplers/run_chains.h"
#include "tests/flow/example_flows.h"
#include "tests/nets/expect_error.h"

namespace ebm::flow {
namespace {

std::vector<float> some_rows() {
  const auto x = normal_rows(5, 2);
  return {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()};
}

std::vector<float> energies_of(const samplers::Energy& energy) {
  samplers::ChainStore chains(5, 2);
  chains.load_rows(some_rows());
  samplers::evaluate_chains(energy, chains, 1);
  std::vector<float> found(5);
  chains.store_energy(found);
  return found;
}

std::vector<float> log_densities_of(const training::NoiseDistribution& noise) {
  std::vector<float> found(5);
  noise.log_density(some_rows(), found);
  return found;
}

/// Two flows: the first is the file that a run begins with, the second what it has made of it.
class FlowOfRunTest : public testing::Test {
 protected:
  void SetUp() override {
    base::write_file_atomically(path_, nets::safetensors_bytes(flow_file(first_, "points")));
  }
  void TearDown() override { std::filesystem::remove(path_); }

  FlowOfRun source(std::optional<nets::FoundCheckpoint> checkpoint = std::nullopt) const {
    return {.model = path_,
            .checkpoint = std::move(checkpoint),
            .run = "run",
            .dataset = points_,
            .data = "points"};
  }
  static nets::FoundCheckpoint checkpoint_with(const std::string& name,
                                               const nets::SafetensorsFile& file) {
    return {.iteration = 7, .folder = "run", .files = {{name, nets::safetensors_bytes(file)}}};
  }

  const std::string path_ = testing::TempDir() + "flow_of_run_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".safetensors";
  const ResidualFlow first_ = bent_plane(), second_ = bent_plane(nets::ActivationKind::kTanh);
  data::Dataset points_{.name = "points",
                        .n = 1,
                        .shape = {2, 1, 1},
                        .values = std::vector<float>{0.0f, 0.0f},
                        .labels = {},
                        .class_names = {},
                        .is_image = false};
};

TEST_F(FlowOfRunTest, ANewRunBeginsWithTheModel) {
  EXPECT_EQ(log_densities_of(*noise_of_run(source(), 1)),
            log_densities_of(*flow_noise(first_, "points", 1)));
  const training::BaseMeasure base = base_of_run(source());
  EXPECT_EQ(energies_of(*base.energy), energies_of(FlowEnergy(first_)));
  EXPECT_EQ(flow_of(base.file, "copy").architecture(), first_.architecture());
}

TEST_F(FlowOfRunTest, ARunGoesOnWithTheFlowOfItsCheckpoint) {
  const auto learnt = checkpoint_with(training::kNoiseFile, flow_file(second_, "points"));
  EXPECT_EQ(log_densities_of(*noise_of_run(source(learnt), 1)),
            log_densities_of(*flow_noise(second_, "points", 1)));
  nets::SafetensorsFile model;
  nets::add_part(nets::kBasePart, flow_file(second_, "points"), model);
  const auto saved = checkpoint_with("model.safetensors", model);
  EXPECT_EQ(energies_of(*base_of_run(source(saved)).energy), energies_of(FlowEnergy(second_)));
}

TEST_F(FlowOfRunTest, ItemsOfAnotherShapeAreRefused) {
  points_.shape = {3, 1, 1};
  nets::expect_error(ErrorCode::kShape, "points has items of shape 3x1x1; the model takes 2x1x1",
                     [&] { noise_of_run(source(), 1); });
  nets::expect_error(ErrorCode::kShape, "points has items of shape 3x1x1; the model takes 2x1x1",
                     [&] { base_of_run(source()); });
}

TEST_F(FlowOfRunTest, ACheckpointWithoutTheFlowIsRefused) {
  const nets::FoundCheckpoint empty{.iteration = 7, .folder = "run", .files = {}};
  nets::expect_error(ErrorCode::kBadData, "noise.safetensors",
                     [&] { noise_of_run(source(empty), 1); });
}

}  // namespace
}  // namespace ebm::flow
