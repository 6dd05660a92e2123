#include "report/metrics_csv.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::report {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kColumns{"iteration", "energy", "n_restarts"};

CsvValue whole(std::int64_t value) { return value; }

class MetricsCsvTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = fs::path(testing::TempDir()) /
            (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".csv");
    fs::remove(path_);
  }
  void TearDown() override { fs::remove(path_); }

  std::string text() const { return base::read_file(path_); }
  void write(std::string_view content) const { base::write_file_atomically(path_, content); }

  /// The error of resuming after iteration 20, whose message names the file.
  ErrorCode code_of_resuming() const {
    try {
      MetricsCsv(path_, kColumns, 20);
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(path_.string()), std::string::npos);
      return error.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  }

  fs::path path_;
};

TEST(FormatCsvValueTest, NumbersReadBackAsTheSameBits) {
  for (const double value : {0.1, -1.0 / 3, 1e-300, 6.02e23, 5e-324, 123456789.0, -0.0}) {
    const double read = std::strtod(format_csv_value(value).c_str(), nullptr);
    EXPECT_EQ(read, value);
    EXPECT_EQ(std::signbit(read), std::signbit(value));
  }
  EXPECT_EQ(format_csv_value(0.1), "0.1");
  EXPECT_EQ(format_csv_value(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(format_csv_value(-std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(format_csv_value(-std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(format_csv_value({}), "");
}

TEST_F(MetricsCsvTest, EveryRowIsInTheFileAsSoonAsItIsAppended) {
  write("something else");
  MetricsCsv csv(path_, kColumns);
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n");
  csv.append({{whole(10), 0.5, whole(3)}});
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n10,0.5,3\n");
  csv.append({{whole(20), {}, {}}});
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n10,0.5,3\n20,,\n");
}

TEST_F(MetricsCsvTest, ResumingKeepsRowsUpToTheIterationAndDropsAHalfLine) {
  write("iteration,energy,n_restarts\n10,0.5,3\n20,,\n30,0.25,1\n40,0.1");
  MetricsCsv csv(path_, kColumns, 25);
  EXPECT_EQ(csv.missing_rows(10, 25), "");
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n10,0.5,3\n20,,\n");
  csv.append({{whole(30), 0.25, whole(2)}});
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n10,0.5,3\n20,,\n30,0.25,2\n");
}

TEST_F(MetricsCsvTest, ResumingWithoutAFileStartsOne) {
  const MetricsCsv csv(path_, kColumns, 20);
  EXPECT_EQ(csv.missing_rows(10, 25), "10 to 20");
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n");
}

TEST_F(MetricsCsvTest, MissingRowsAreNamedWhereverTheyWere) {
  const std::string header = "iteration,energy,n_restarts\n";
  const auto missing = [&](const std::vector<int>& rows, std::int64_t up_to) {
    std::string content = header;
    for (const int row : rows) content += std::to_string(row) + ",,\n";
    write(content);
    return MetricsCsv(path_, kColumns, up_to).missing_rows(10, up_to);
  };
  EXPECT_EQ(missing({10, 20, 30}, 30), "");
  EXPECT_EQ(missing({10, 20, 30}, 39), "");
  EXPECT_EQ(missing({10, 20, 30, 40}, 30), "");
  EXPECT_EQ(missing({}, 9), "");
  EXPECT_EQ(missing({}, 10), "10 to 10");
  EXPECT_EQ(missing({20, 30}, 30), "10 to 10");
  EXPECT_EQ(missing({10, 40}, 40), "20 to 30");
  EXPECT_EQ(missing({10, 20}, 40), "30 to 40");
  EXPECT_EQ(missing({10, 10, 40}, 60), "20 to 30 and 50 to 60");
  EXPECT_EQ(missing({40, 10}, 40), "20 to 30");
  EXPECT_EQ(missing({20, 40, 60}, 60), "10 to 10, 30 to 30 and 50 to 50");
  EXPECT_EQ(missing({20, 40, 60, 80}, 80), "10 to 10, 30 to 30, 50 to 50 and more");
}

TEST_F(MetricsCsvTest, AnotherHeaderOrALineThatIsNoRowIsBadDataAndStays) {
  for (const char* content :
       {"iteration,loss\n10,1\n", "iteration,energy", "iteration,energy,n_restarts\n10,0.5\n",
        "iteration,energy,n_restarts\n1x,0.5,3\n", "iteration,energy,n_restarts\n\n"}) {
    write(content);
    EXPECT_EQ(code_of_resuming(), ErrorCode::kBadData) << content;
    EXPECT_EQ(text(), content);
  }
}

TEST_F(MetricsCsvTest, ColumnsAndRowsThatDoNotFitAreRefused) {
  EXPECT_THROW(MetricsCsv(path_, {}), Error);
  EXPECT_THROW(MetricsCsv(path_, {"iteration", "a,b"}), Error);
  MetricsCsv csv(path_, kColumns);
  EXPECT_THROW(csv.append({{whole(1), 0.5}}), Error);
  EXPECT_THROW(csv.append({{1.0, 0.5, whole(3)}}), Error);
  EXPECT_EQ(text(), "iteration,energy,n_restarts\n");
}

TEST_F(MetricsCsvTest, AFullDiskIsAnErrorThatLeavesNoHalfRow) {
  MetricsCsv csv(path_, kColumns);
  csv.append({{whole(10), 0.5, whole(3)}});
  const std::string before = text();
  // A limit on the size of files stands in for the end of the disk.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlim_t saved = limit.rlim_cur;
  limit.rlim_cur = before.size() + 4;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::optional<ErrorCode> code;
  try {
    csv.append({{whole(20), 0.25, whole(3)}});
  } catch (const Error& error) {
    code = error.code();
  }
  limit.rlim_cur = saved;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_EQ(code, ErrorCode::kIo);
  EXPECT_EQ(text(), before);
  csv.append({{whole(20), 0.25, whole(3)}});
  EXPECT_EQ(text(), before + "20,0.25,3\n");
}

}  // namespace
}  // namespace ebm::report
