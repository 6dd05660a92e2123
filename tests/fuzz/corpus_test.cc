// Every file of tests/fuzz/corpus/TARGET/ is given to its target: examples of sound files and of
// what was once read wrongly.

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "tests/fuzz/run_target.h"

namespace ebm::fuzz {

static void PrintTo(const Target& the, std::ostream* out) {  // NOLINT: GoogleTest's name
  *out << the.name;
}

namespace {
namespace fs = std::filesystem;

std::vector<fs::path> files_of(const Target& target) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(EBM_SOURCE_DIR) / "tests/fuzz/corpus" / target.name)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class CorpusTest : public testing::TestWithParam<Target> {};

TEST_P(CorpusTest, EveryFileIsReadOrRefused) {
  const std::vector<fs::path> files = files_of(GetParam());
  EXPECT_GE(files.size(), 2u);
  for (const fs::path& file : files) {
    const auto fault = fault_of(GetParam(), base::read_file(file));
    EXPECT_FALSE(fault) << file << ": " << fault.value_or("");
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, CorpusTest, testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& target) { return std::string(target.param.name); });

// A target that refused everything would find nothing.
TEST(SoundFilesTest, AreRead) {
  for (const auto& [name, file] :
       {std::pair("bench_json", "two.json"), std::pair("bench_json", "odd.json"),
        std::pair("classify_json", "all.json"), std::pair("restore_json", "all.json"),
        std::pair("state_dict", "names.safetensors")}) {
    const auto target = std::ranges::find(targets(), std::string_view(name), &Target::name);
    ASSERT_NE(target, targets().end()) << name;
    const fs::path path = fs::path(EBM_SOURCE_DIR) / "tests/fuzz/corpus" / name / file;
    EXPECT_NO_THROW(target->read(base::read_file(path))) << path;
  }
}

/// What a target of one's own does wrong.
std::string fault_text(void (*read)(std::string_view bytes), std::string_view bytes = "x") {
  return fault_of({"", read}, bytes).value_or("");
}

TEST(RunTargetTest, SoundOutcomesAreNoFault) {
  EXPECT_EQ(fault_text([](std::string_view) {}), "");
  EXPECT_EQ(fault_text([](std::string_view) { throw Error(ErrorCode::kBadData, "x: no PNG"); }),
            "");
}

TEST(RunTargetTest, OtherOutcomesAreFaults) {
  EXPECT_EQ(fault_text([](std::string_view) { throw std::out_of_range("map::at"); }),
            "an exception of another library, St12out_of_range: map::at");
  EXPECT_EQ(
      fault_text([](std::string_view) { throw Error(ErrorCode::kInternal, "no such layer"); }),
      "an internal error: no such layer");
  EXPECT_EQ(fault_text([](std::string_view) { throw Error(ErrorCode::kIo, ""); }),
            "an error without a message");
}

TEST(RunTargetTest, MemoryFarAboveTheSizeOfTheInputIsAFault) {
  const auto take = [](std::string_view bytes) {
    // Twice 48 MiB, or 17 bytes for each of the input.
    const std::size_t n = bytes.size() == 1 ? std::size_t{48} << 20 : 9 * bytes.size();
    std::vector<char> one(n), other(n);
    // So that no compiler leaves them out.
    asm volatile("" : : "r"(one.data()), "r"(other.data()) : "memory");
  };
  EXPECT_NE(fault_text(take).find(" bytes of memory for 1 bytes"), std::string::npos);
  EXPECT_EQ(fault_text(take, std::string(4000000, 'x')), "");
  std::string large;
  large.resize(40000000, 'x');
  EXPECT_NE(fault_text(take, large).find("for 40000000 bytes"), std::string::npos);
}

TEST(RunTargetTest, TimeFarAboveTheSizeOfTheInputIsAFault) {
  const auto spin = [](std::string_view) {
    const auto used = [] {
      timespec time{};
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
      return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    const double start = used();
    while (used() - start < 1.05 * kSecondsPerMegabyte) continue;
  };
  EXPECT_NE(fault_text(spin).find(" s for 1 bytes"), std::string::npos);
}

}  // namespace
}  // namespace ebm::fuzz
