#include "base/atomic_file.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  ErrorCode code_of_writing(const fs::path& path) {
    try {
      write_file_atomically(path, "new");
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
      return error.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  }

  fs::path folder_;
};

TEST_F(AtomicFileTest, ReplacesAFileAndLeavesNothingBeside) {
  write_file_atomically(folder_ / "x", "first");
  write_file_atomically(folder_ / "x", std::string(3000000, 'a'));
  EXPECT_EQ(read_file(folder_ / "x"), std::string(3000000, 'a'));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(AtomicFileTest, FailureNamesThePathAndLeavesNothing) {
  write_file_atomically(folder_ / "file", "old");
  EXPECT_EQ(code_of_writing(folder_ / "file" / "under"), ErrorCode::kIo);
  EXPECT_EQ(code_of_writing(folder_ / "none" / "x"), ErrorCode::kIo);
  fs::create_directory(folder_ / "sub");
  EXPECT_EQ(code_of_writing(folder_ / "sub"), ErrorCode::kIo);
  EXPECT_EQ(read_file(folder_ / "file"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(AtomicFileTest, ProbeSaysWhetherAFileCouldBeMadeAndMakesNone) {
  EXPECT_THROW(require_writable(folder_), Error);
  EXPECT_THROW(require_writable(folder_ / "none" / "y"), Error);
  EXPECT_NO_THROW(require_writable(folder_ / "y"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST_F(AtomicFileTest, PiecesAppearTogetherWhenCommitted) {
  write_file_atomically(folder_ / "x", "old");
  {
    AtomicFile file(folder_ / "x");
    file.append(bytes_of("new "));
    file.append(bytes_of(""));
    file.append(bytes_of("text"));
    EXPECT_EQ(read_file(folder_ / "x"), "old");
    file.commit();
    EXPECT_EQ(read_file(folder_ / "x"), "new text");
  }
  EXPECT_EQ(read_file(folder_ / "x"), "new text");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(AtomicFileTest, LargeFilesAreWhole) {
  const std::size_t large = std::size_t{16} << 20;
  std::string text(large + 12345, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i / 7 % 251);
  // Written past the system's cache but for the last bytes, or not at all from an odd place on.
  for (const std::size_t n : {large - 1, large, large + 4096, large + 12345}) {
    for (const std::size_t first : {std::size_t{0}, std::size_t{5}, std::size_t{4096}}) {
      AtomicFile file(folder_ / "x");
      file.append(bytes_of(std::string_view(text).substr(0, first)));
      file.append(bytes_of(std::string_view(text).substr(first, n - first)));
      file.append(bytes_of("end"));
      file.commit();
      EXPECT_TRUE(read_file(folder_ / "x") == text.substr(0, n) + "end") << n << " from " << first;
    }
  }
}

TEST_F(AtomicFileTest, PiecesOfALargeFileFollowOneAnother) {
  const std::size_t large = std::size_t{16} << 20;
  std::string text(large + 12345, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i / 7 % 251);
  const std::string_view all(text);
  // Pieces that end within, at and after what is written at once.
  for (const std::size_t first : {std::size_t{0}, std::size_t{5}, large / 2, large / 2 + 1}) {
    FilePieces pieces(text.substr(0, first));
    pieces.add_view(bytes_of(all.substr(first, large / 2)));
    pieces.add_view({});
    pieces.add_view(bytes_of(all.substr(first + large / 2)));
    pieces.add("end");
    EXPECT_EQ(pieces.size(), text.size() + 3);
    EXPECT_TRUE(pieces.joined() == text + "end") << first;
    write_pieces_atomically(folder_ / "x", pieces);
    EXPECT_TRUE(read_file(folder_ / "x") == text + "end") << first;
  }
}

TEST_F(AtomicFileTest, WithoutCommitNothingIsLeftAndTheOldFileStays) {
  write_file_atomically(folder_ / "x", "old");
  {
    AtomicFile file(folder_ / "x");
    file.append(bytes_of("new"));
    // Beside the old one, or there would be nothing to clean up.
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
  }
  EXPECT_EQ(read_file(folder_ / "x"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(AtomicFileTest, ACommitThatFailsLeavesNothing) {
  {
    AtomicFile file(folder_ / "x");
    fs::create_directory(folder_ / "x");
    EXPECT_THROW(file.commit(), Error);
  }
  EXPECT_TRUE(fs::is_directory(folder_ / "x"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(AtomicFileTest, TwoOfOneNameInOneProcessKeepApart) {
  AtomicFile first(folder_ / "x"), second(folder_ / "x");
  first.append(bytes_of("first"));
  second.append(bytes_of("2nd"));
  first.commit();
  EXPECT_EQ(read_file(folder_ / "x"), "first");
  second.commit();
  EXPECT_EQ(read_file(folder_ / "x"), "2nd");
}

TEST_F(AtomicFileTest, FreeSpaceIsComparedWithWhatIsNeeded) {
  EXPECT_NO_THROW(require_free_space(folder_ / "x", 1));
  const auto available = fs::space(folder_).available;
  // Other programs write too: half of what is there stays, and twice as much does not come.
  EXPECT_NO_THROW(require_free_space(folder_ / "x", available / 2));
  try {
    require_free_space(folder_ / "x", 2 * available);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    const std::string message = error.what();
    EXPECT_NE(message.find((folder_ / "x").string()), std::string::npos);
    EXPECT_NE(message.find("needs " + std::to_string(2 * available) + " bytes"), std::string::npos);
  }
  // Whoever opens the file says what is wrong with its folder.
  EXPECT_NO_THROW(require_free_space(folder_ / "none" / "x", 1));
  EXPECT_TRUE(fs::is_empty(folder_));
}

// What stands behind a link of somebody's folder must not fill the memory.
TEST_F(AtomicFileTest, ADeviceThatNeverEndsIsRefused) {
  const fs::path link = folder_ / "eval.json";
  fs::create_symlink("/dev/zero", link);
  try {
    read_file(link);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    EXPECT_EQ(error.what(), link.string() +
                                ": found a device or pipe that gives more than 256 MiB, expected a "
                                "file");
  }
  EXPECT_EQ(read_file("/dev/null"), "");
}

TEST_F(AtomicFileTest, ReadingWhatIsNotThereIsNoInput) {
  try {
    read_file(folder_ / "absent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(exit_code(error.code()), 66);
  }
}

}  // namespace
}  // namespace ebm::base
