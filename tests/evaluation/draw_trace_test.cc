#include "evaluation/draw_trace.h"

#include <gtest/gtest.h>
#include <netcdf.h>

#include <filesystem>
#include <numeric>
#include <vector>

#include "base/atomic_file.h"
#include "data/formats/npy.h"
#include "evaluation/walk.h"
#include "samplers/energies/eight_schools.h"
#include "samplers/energies/gaussian_mixture.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {
namespace fs = std::filesystem;

/// A NetCDF file as libnetcdf reads it.
class NetcdfReader {
 public:
  explicit NetcdfReader(const std::string& path) {
    EXPECT_EQ(nc_open(path.c_str(), NC_NOWRITE, &id_), NC_NOERR);
  }
  ~NetcdfReader() { nc_close(id_); }

  /// "float chain=4 draw=50 theta_dim_0=8"; empty if there is no such variable.
  std::string description(const char* group, const char* name) const {
    int variable = 0;
    if (nc_inq_varid(group_of(group), name, &variable) != NC_NOERR) return "";
    nc_type type = 0;
    int n = 0, axes[NC_MAX_VAR_DIMS];
    nc_inq_var(group_of(group), variable, nullptr, &type, &n, axes, nullptr);
    std::string text = type == NC_FLOAT ? "float" : type == NC_BYTE ? "byte" : "int64";
    for (int i = 0; i < n; ++i) {
      char axis[NC_MAX_NAME + 1];
      std::size_t length = 0;
      nc_inq_dim(group_of(group), axes[i], axis, &length);
      text += std::string(" ") + axis + "=" + std::to_string(length);
    }
    return text;
  }
  std::vector<double> values(const char* group, const char* name, std::size_t n) const {
    std::vector<double> all(n);
    int variable = 0;
    EXPECT_EQ(nc_inq_varid(group_of(group), name, &variable), NC_NOERR) << name;
    EXPECT_EQ(nc_get_var_double(group_of(group), variable, all.data()), NC_NOERR) << name;
    return all;
  }
  std::string text(const char* group, const char* name, const char* attribute) const {
    int variable = 0;
    char value[64] = "";
    nc_inq_varid(group_of(group), name, &variable);
    EXPECT_EQ(nc_get_att_text(group_of(group), variable, attribute, value), NC_NOERR);
    return value;
  }

 private:
  int group_of(const char* name) const {
    int group = -1;
    EXPECT_EQ(nc_inq_ncid(id_, name, &group), NC_NOERR) << name;
    return group;
  }
  int id_ = 0;
};

class DrawTraceTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove(path_); }
  std::string file(const char* ending) {
    return path_ = testing::TempDir() + "draw_trace_" +
                   testing::UnitTest::GetInstance()->current_test_info()->name() + ending;
  }
  std::string path_;
};

/// Three coordinates: m and t[1], t[2], the second of which is the double of its coordinate.
samplers::Parameters some_parameters() {
  return {.variables = {{.name = "m"}, {.name = "t", .shape = {2}, .first = 1}},
          .of_state = [](std::span<const float> state, std::span<float> values) {
            values[0] = state[0];
            values[1] = state[1];
            values[2] = 2.0f * state[2];
          }};
}

/// Two chains and two draws of them.
void write_example(const std::string& path, bool has_counts) {
  const auto trace = open_draw_trace(path, {.n_draws = 2,
                                            .n_chains = 2,
                                            .dim = 3,
                                            .parameters = some_parameters(),
                                            .temperature = 0.5,
                                            .sampler = "hmc",
                                            .has_momentum = true});
  std::vector<samplers::ChainInfo> counts(2);
  counts[0] = {.n_transitions = 2, .n_gradients = 20, .acceptance_units = 3 << 23};  // 0.75
  counts[1] = {.n_transitions = 2, .n_gradients = 21, .n_divergent = 1};
  const std::vector<float> x[2]{{1, 2, 3, 4, 5, 6}, {0.1f, 0.2f, 0.3f, -1, -2, -3}};
  for (std::size_t draw = 0; draw < 2; ++draw) {
    const auto d = static_cast<float>(draw);
    const std::vector<float> energy{1.5f + d, 2.5f + d}, hamiltonian{3.5f + d, 4.5f + d};
    trace->append({.n_draws = 1,
                   .x = x[draw],
                   .energy = energy,
                   .hamiltonian = hamiltonian,
                   .counts = has_counts ? counts : std::vector<samplers::ChainInfo>()});
  }
  trace->finish();
}

TEST_F(DrawTraceTest, CsvHasARowForEachDrawOfAChain) {
  write_example(file(".csv"), true);
  EXPECT_EQ(base::read_file(path_),
            "chain,draw,energy,acceptance_rate,diverging,m,t[1],t[2]\n"
            "0,0,1.5,0.75,0,1,2,6\n"
            "1,0,2.5,0,1,4,5,12\n"
            "0,1,2.5,0.75,0,0.1,0.2,0.6\n"
            "1,1,3.5,0,1,-1,-2,-6\n");
  write_example(path_, false);
  EXPECT_EQ(base::read_file(path_).substr(0, 32), "chain,draw,energy,m,t[1],t[2]\n0,");
}

TEST_F(DrawTraceTest, NetcdfHasTheLayoutOfInferenceData) {
  write_example(file(".nc"), true);
  const NetcdfReader found(path_);
  EXPECT_EQ(found.description("posterior", "m"), "float chain=2 draw=2");
  EXPECT_EQ(found.description("posterior", "t"), "float chain=2 draw=2 t_dim_0=2");
  EXPECT_EQ(found.values("posterior", "t_dim_0", 2), (std::vector<double>{1, 2}));
  EXPECT_EQ(found.values("posterior", "draw", 2), (std::vector<double>{0, 1}));
  EXPECT_EQ(found.values("posterior", "m", 4), (std::vector<double>{1, 0.1f, 4, -1}));
  EXPECT_EQ(found.values("posterior", "t", 8),
            (std::vector<double>{2, 6, 0.2f, 0.6f, 5, 12, -2, -6}));
  EXPECT_EQ(found.values("sample_stats", "lp", 4), (std::vector<double>{-3, -5, -5, -7}));
  EXPECT_EQ(found.values("sample_stats", "energy", 4), (std::vector<double>{7, 9, 9, 11}));
  EXPECT_EQ(found.values("sample_stats", "acceptance_rate", 4),
            (std::vector<double>{0.75, 0.75, 0, 0}));
  EXPECT_EQ(found.values("sample_stats", "n_steps", 4), (std::vector<double>{20, 20, 21, 21}));
  EXPECT_EQ(found.values("sample_stats", "diverging", 4), (std::vector<double>{0, 0, 1, 1}));
  EXPECT_EQ(found.description("sample_stats", "diverging"), "byte chain=2 draw=2");
  EXPECT_EQ(found.text("sample_stats", "diverging", "dtype"), "bool");
}

TEST_F(DrawTraceTest, NetcdfLeavesOutWhatIsNotCounted) {
  write_example(file(".nc"), false);
  const NetcdfReader found(path_);
  EXPECT_EQ(found.description("sample_stats", "lp"), "float chain=2 draw=2");
  for (const char* name : {"acceptance_rate", "n_steps", "diverging"}) {
    EXPECT_EQ(found.description("sample_stats", name), "") << name;
  }
}

TEST_F(DrawTraceTest, SameDrawsGiveTheSameBytes) {
  write_example(file(".nc"), true);
  const std::string first = base::read_file(path_);
  write_example(path_, true);
  EXPECT_EQ(base::read_file(path_), first);
}

TEST_F(DrawTraceTest, AnUnfinishedTraceLeavesNoFile) {
  for (const char* ending : {".npy", ".csv", ".nc"}) {
    open_draw_trace(file(ending), {.n_draws = 2, .n_chains = 2, .dim = 1});
    EXPECT_FALSE(fs::exists(path_)) << ending;
  }
  nets::expect_error(ErrorCode::kUsage, "trace = x.txt: must end in .npy, .csv or .nc",
                     [] { open_draw_trace("x.txt", {}); });
  nets::expect_error(ErrorCode::kIo, "nowhere",
                     [] { open_draw_trace("nowhere/x.nc", {.n_draws = 1, .n_chains = 1}); });
}

/// A walk of four chains on the eight schools, with and without a trace.
Walk walk_of_schools(const std::string& trace, std::int64_t thinning) {
  samplers::SamplerSettings settings{.sampler = samplers::SamplerKind::kNuts, .step_size = 0.4f};
  const std::vector<float> starts(4 * 10, 0.1f);
  return walk_chains(samplers::EightSchools(), starts,
                     {.n = 4,
                      .burn_in = 10,
                      .steps = 60,
                      .thinning = thinning,
                      .keep_draws = true,
                      .trace = trace,
                      .seed = 3},
                     settings);
}

TEST_F(DrawTraceTest, AWalkHasTheSameBitsAndItsCountsAddUp) {
  const Walk plain = walk_of_schools("", 1);
  const Walk walk = walk_of_schools(file(".nc"), 1);
  EXPECT_EQ(walk.rows, plain.rows);
  EXPECT_EQ(walk.draws, plain.draws);
  const NetcdfReader found(path_);
  EXPECT_EQ(found.description("posterior", "theta"), "float chain=4 draw=60 theta_dim_0=8");
  const auto values = samplers::EightSchools().parameters().of_states(walk.draws, 10);
  const auto theta = found.values("posterior", "theta", 4 * 60 * 8);
  for (std::size_t chain = 0; chain < 4; ++chain) {
    for (std::size_t draw = 0; draw < 60; ++draw) {
      ASSERT_EQ(theta[(chain * 60 + draw) * 8 + 7], values[(draw * 4 + chain) * 10 + 9]);
    }
  }
  const auto rates = found.values("sample_stats", "acceptance_rate", 240);
  EXPECT_NEAR(std::accumulate(rates.begin(), rates.end(), 0.0) / 240,
              walk.info.total().acceptance(), 1e-6);
  const auto n_steps = found.values("sample_stats", "n_steps", 240);
  EXPECT_EQ(std::accumulate(n_steps.begin(), n_steps.end(), 0.0),
            static_cast<double>(walk.info.total().n_gradients));
}

TEST_F(DrawTraceTest, CountsAreOfAllStepsSinceTheLastDraw) {
  const Walk walk = walk_of_schools(file(".nc"), 5);
  const NetcdfReader found(path_);
  const auto n_steps = found.values("sample_stats", "n_steps", 4 * 12);
  EXPECT_EQ(std::accumulate(n_steps.begin(), n_steps.end(), 0.0),
            static_cast<double>(walk.info.total().n_gradients));
}

TEST_F(DrawTraceTest, OfReplicasOnlyThoseOfTheTargetAreTraced) {
  samplers::SamplerSettings settings{.sampler = samplers::SamplerKind::kParallelTempering,
                                     .step_size = 0.01f};
  const std::vector<float> starts{0, 1, 1, 0, -1, 0};
  const Walk walk =
      walk_chains(samplers::eight_gaussians(), starts,
                  {.n = 3, .steps = 7, .keep_draws = true, .trace = file(".nc")}, settings);
  const NetcdfReader found(path_);
  EXPECT_EQ(found.description("posterior", "x"), "float chain=3 draw=7 x_dim_0=2");
  EXPECT_EQ(found.values("posterior", "x", 42)[13], walk.draws[(6 * 3 + 0) * 2 + 1]);
  const auto rates = found.values("sample_stats", "acceptance_rate", 21);
  EXPECT_NEAR(std::accumulate(rates.begin(), rates.end(), 0.0) / 21, walk.info.total().acceptance(),
              1e-6);
}

}  // namespace
}  // namespace ebm::evaluation
