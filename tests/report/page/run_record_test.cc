#include "report/page/run_record.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/png.h"

namespace ebm::report {
namespace {
namespace fs = std::filesystem;

class RunRecordTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "samples");
    write("config.toml", "seed = 1\n");
    write("metrics.csv", "iteration,loss\n1,2\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const fs::path& name, std::string_view text) const {
    base::write_file_atomically(folder_ / name, text);
  }
  void write_pictures(std::int64_t n) const {
    for (std::int64_t i = 1; i <= n; ++i) {
      for (const char* kind : {"noise", "buffer"}) {
        write("samples/" + std::string(kind) + "_" + std::to_string(i * 100) + ".png", png_);
      }
    }
  }
  ErrorCode code_of_reading() const {
    try {
      read_run(folder_);
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  }

  fs::path folder_;
  std::string png_ = png_bytes({.width = 2, .height = 1, .channels = 1, .pixels = {0, 255}});
};

TEST_F(RunRecordTest, NothingWaitsForAPipe) {
  ASSERT_EQ(mkfifo((folder_ / "events.out.tfevents.1.x").c_str(), 0600), 0);
  EXPECT_TRUE(read_run(folder_).histograms.empty());
  for (const char* name : {"eval.json", "modes.json", "config.toml", "metrics.csv"}) {
    fs::remove(folder_ / name);
    ASSERT_EQ(mkfifo((folder_ / name).c_str(), 0600), 0);
    EXPECT_EQ(code_of_reading(), ErrorCode::kBadData) << name;
    fs::remove(folder_ / name);
    write("config.toml", "seed = 1\n");
  }
}

TEST_F(RunRecordTest, TakesWhatIsThere) {
  write_pictures(3);
  write("samples/notes.txt", "hello");
  write("samples/other_x.png", "hello");
  write("samples/.noise_000400.png.partial12-0", "half");
  write("eval.json", R"({"fd": 3})");
  const RunRecord run = read_run(folder_ / "");
  EXPECT_EQ(run.config, "seed = 1\n");
  EXPECT_EQ(run.metrics.iterations.size(), 1u);
  EXPECT_EQ(run.n_pictures, 6);
  ASSERT_EQ(run.samples.size(), 3u);
  EXPECT_EQ(run.samples[2].iteration, 300);
  EXPECT_EQ(run.samples[2].png_of.at("noise"), png_);
  EXPECT_EQ(run.samples[2].png_of.size(), 2u);
  EXPECT_EQ(run.evaluation.tables.size(), 1u);
  EXPECT_TRUE(run.histograms.empty());
}

TEST_F(RunRecordTest, TheNameIsThatOfTheFolderHoweverItIsWritten) {
  const std::string name = folder_.filename().string();
  EXPECT_EQ(read_run(folder_).name, name);
  EXPECT_EQ(read_run(folder_ / "").name, name);
  EXPECT_EQ(read_run(folder_ / "samples" / "..").name, name);
}

TEST_F(RunRecordTest, OfManyPicturesSomeAreChosenEvenlyAndTheLastStays) {
  write_pictures(50);
  const RunRecord run = read_run(folder_, {.pictures = 20});
  EXPECT_EQ(run.n_pictures, 100);
  ASSERT_EQ(run.samples.size(), 10u);
  EXPECT_EQ(run.samples.front().iteration, 100);
  EXPECT_EQ(run.samples.back().iteration, 5000);
  const auto n_bytes = static_cast<std::int64_t>(png_.size());
  EXPECT_EQ(read_run(folder_, {.picture_bytes = 6 * n_bytes}).samples.size(), 3u);
  const RunRecord least = read_run(folder_, {.picture_bytes = 1});
  ASSERT_EQ(least.samples.size(), 1u);
  EXPECT_EQ(least.samples[0].iteration, 5000);
}

TEST_F(RunRecordTest, AFilmCountsAmongThePictures) {
  write_pictures(6);
  write("eval-film.png", png_);
  const auto n_bytes = static_cast<std::int64_t>(png_.size());
  const RunRecord run = read_run(folder_, {.picture_bytes = 5 * n_bytes});
  EXPECT_EQ(run.evaluation.film_png, png_);
  EXPECT_EQ(run.samples.size(), 2u);  // two pictures each, of the four that are left
  EXPECT_FALSE(run.evaluation.is_empty());
  const Evaluation without = read_run(folder_, {.film_bytes = n_bytes - 1}).evaluation;
  EXPECT_EQ(without.film_png, "");
  EXPECT_NE(without.film_left_out.find("too many for this page"), std::string::npos);
  write("eval.json", R"({"fd": 1})");  // of a later evaluation, without a film
  EXPECT_EQ(read_run(folder_).evaluation.film_png, "");
  write("eval.json", R"({"fd": 1, "film": {}})");
  EXPECT_EQ(read_run(folder_).evaluation.film_png, png_);
  write("eval-film.png", png_.substr(0, png_.size() - 13));
  EXPECT_EQ(code_of_reading(), ErrorCode::kBadData);
}

TEST_F(RunRecordTest, ARunWithoutPicturesIsOne) {
  fs::remove_all(folder_ / "samples");
  EXPECT_TRUE(read_run(folder_).samples.empty());
}

TEST_F(RunRecordTest, AFolderOfSomethingElseIsNoInput) {
  fs::remove(folder_ / "config.toml");
  EXPECT_EQ(code_of_reading(), ErrorCode::kNoInput);
}

TEST_F(RunRecordTest, ADamagedPictureIsBadData) {
  write("samples/noise_000100.png", png_.substr(0, png_.size() - 13));
  EXPECT_EQ(code_of_reading(), ErrorCode::kBadData);
}

TEST_F(RunRecordTest, AFolderIsNoPicture) {
  write_pictures(1);
  fs::create_directory(folder_ / "samples/noise_000200.png");
  EXPECT_EQ(read_run(folder_).n_pictures, 2);
  fs::create_directory(folder_ / "eval-film.png");
  EXPECT_EQ(code_of_reading(), ErrorCode::kIo);
}

TEST_F(RunRecordTest, AClassificationAndRestorationsAreTakenByTheirNames) {
  EXPECT_TRUE(read_run(folder_).classifier.is_empty());
  EXPECT_TRUE(read_run(folder_).restorations.empty());
  write("classify.json", R"({"classes": ["a"], "confusion": [[2]]})");
  write("restore-b.json", "{}");
  write("restore-b.png", png_);
  write("restore.json", R"({"columns": ["observed"]})");
  write("restored.json", "no JSON");
  const RunRecord run = read_run(folder_);
  EXPECT_EQ(run.classifier.confusion, std::vector<double>{2});
  ASSERT_EQ(run.restorations.size(), 2u);
  EXPECT_EQ(run.restorations[0].name, "restore-b");
  EXPECT_EQ(run.restorations[0].picture_png, png_);
  EXPECT_EQ(run.restorations[1].columns, std::vector<std::string>{"observed"});
  EXPECT_EQ(run.restorations[1].picture_png, "");
  write("restore.json", "[]");
  EXPECT_EQ(code_of_reading(), ErrorCode::kBadData);
  fs::remove(folder_ / "restore.json");
  write("classify.json", "{}");
  EXPECT_EQ(code_of_reading(), ErrorCode::kBadData);
}

}  // namespace
}  // namespace ebm::report
