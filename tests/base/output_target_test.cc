#include "base/output_target.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>
#include <string>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

class OutputTargetTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("target_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "sub");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::ptrdiff_t n_entries(const fs::path& folder) const {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  }
  /// The message of a write that has to fail, and of its check beforehand.
  std::string fault_of_writing(const fs::path& path) const {
    EXPECT_THROW(require_writable(path), Error);
    try {
      write_file_atomically(path, "new");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kIo);
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  fs::path folder_;
};

TEST_F(OutputTargetTest, TheFileBehindALinkIsWrittenAndTheLinkStays) {
  write_file_atomically(folder_ / "sub" / "file", "old");
  fs::create_symlink("sub/file", folder_ / "relative");
  fs::create_symlink(folder_ / "relative", folder_ / "chain");
  for (const char* link : {"relative", "chain"}) {
    require_writable(folder_ / link);
    write_file_atomically(folder_ / link, link);
    EXPECT_EQ(read_file(folder_ / "sub" / "file"), link);
    EXPECT_TRUE(fs::is_symlink(folder_ / link));
  }
  EXPECT_EQ(n_entries(folder_), 3);
  EXPECT_EQ(n_entries(folder_ / "sub"), 1);
}

TEST_F(OutputTargetTest, TheFileBehindALinkIsWrittenWholeOrNotAtAll) {
  write_file_atomically(folder_ / "sub" / "file", "old");
  fs::create_symlink("sub/file", folder_ / "link");
  {
    AtomicFile file(folder_ / "link");
    file.append(std::as_bytes(std::span("new", 3)));
    EXPECT_EQ(read_file(folder_ / "sub" / "file"), "old");
    EXPECT_EQ(n_entries(folder_ / "sub"), 2);
  }
  EXPECT_EQ(read_file(folder_ / "sub" / "file"), "old");
  EXPECT_EQ(n_entries(folder_ / "sub"), 1);
}

TEST_F(OutputTargetTest, ALinkToNothingMakesTheFile) {
  fs::create_symlink("sub/none", folder_ / "link");
  require_writable(folder_ / "link");
  EXPECT_EQ(n_entries(folder_ / "sub"), 0);
  write_file_atomically(folder_ / "link", "new");
  EXPECT_EQ(read_file(folder_ / "sub" / "none"), "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
}

TEST_F(OutputTargetTest, LinksThatLeadNowhereAreErrorsThatNameThem) {
  fs::create_symlink("b", folder_ / "a");
  fs::create_symlink("a", folder_ / "b");
  EXPECT_EQ(fault_of_writing(folder_ / "a"),
            "cannot write " + (folder_ / "a").string() + ": Too many levels of symbolic links");
  fs::create_symlink("missing/file", folder_ / "far");
  EXPECT_EQ(fault_of_writing(folder_ / "far"),
            "cannot write " + (folder_ / "far").string() + ", a link to " +
                (folder_ / "missing/file").string() + ": No such file or directory");
  fs::create_symlink("sub", folder_ / "to_folder");
  EXPECT_NE(fault_of_writing(folder_ / "to_folder").find((folder_ / "to_folder").string()),
            std::string::npos);
  EXPECT_EQ(n_entries(folder_ / "sub"), 0);
  EXPECT_TRUE(fs::is_symlink(folder_ / "to_folder"));
}

TEST_F(OutputTargetTest, DevicesTakeBytesAndStay) {
  require_writable("/dev/null");
  write_file_atomically("/dev/null", "new");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  try {
    write_file_atomically("/dev/full", "new");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "cannot write /dev/full: No space left on device");
  }
}

TEST_F(OutputTargetTest, APipeTakesBytesAndStays) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  // Does not wait for a reader, nor take the place of the writer.
  require_writable(pipe);
  auto read = std::async(std::launch::async, [&] { return read_file(pipe); });
  write_file_atomically(pipe, std::string(300000, 'x'));
  EXPECT_EQ(read.get(), std::string(300000, 'x'));
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(OutputTargetTest, AnOpenFileIsWrittenAtItsPosition) {
  Descriptor file = open_file(folder_ / "log", O_WRONLY | O_CREAT, 0600);
  ASSERT_EQ(write_all(file.get(), std::as_bytes(std::span("before ", 7))), 0);
  const fs::path name = "/dev/fd/" + std::to_string(file.get());
  require_writable(name);
  write_file_atomically(name, "new");
  ASSERT_EQ(write_all(file.get(), std::as_bytes(std::span(" after", 6))), 0);
  EXPECT_EQ(read_file(folder_ / "log"), "before new after");
}

TEST_F(OutputTargetTest, ANewFileHasTheUsualPermissionsAndAnOldOneKeepsIts) {
  const mode_t before = umask(0027);
  write_file_atomically(folder_ / "new", "x");
  umask(before);
  const auto permissions = [&](const char* name) {
    struct stat found {};
    EXPECT_EQ(stat((folder_ / name).c_str(), &found), 0);
    return found.st_mode & 07777;
  };
  EXPECT_EQ(permissions("new"), 0640u);
  fs::permissions(folder_ / "new", fs::perms(0600));
  write_file_atomically(folder_ / "new", "y");
  EXPECT_EQ(permissions("new"), 0600u);
}

TEST_F(OutputTargetTest, AFileThatMayNotBeWrittenIsNotReplaced) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write all";
  write_file_atomically(folder_ / "file", "old");
  fs::permissions(folder_ / "file", fs::perms(0400));
  EXPECT_NE(fault_of_writing(folder_ / "file").find("Permission denied"), std::string::npos);
  EXPECT_EQ(read_file(folder_ / "file"), "old");
  EXPECT_EQ(n_entries(folder_), 2);
}

TEST(MayFollowLinkTest, NotThatOfAnotherUserInASharedFolder) {
  constexpr uid_t kRoot = 0, kSelf = 1000, kOther = 1001;
  constexpr mode_t kShared = S_IFDIR | 01777, kGroup = S_IFDIR | 01770, kOwn = S_IFDIR | 0755;
  EXPECT_FALSE(may_follow_link(kOther, kSelf, kRoot, kShared));
  EXPECT_TRUE(may_follow_link(kSelf, kSelf, kRoot, kShared));
  EXPECT_TRUE(may_follow_link(kRoot, kSelf, kRoot, kShared));
  EXPECT_TRUE(may_follow_link(kOther, kSelf, kSelf, kOwn));
  EXPECT_TRUE(may_follow_link(kOther, kSelf, kRoot, kGroup));
  // Not even for root.
  EXPECT_FALSE(may_follow_link(kOther, kRoot, kRoot, kShared));
}

TEST_F(OutputTargetTest, ALinkOfAnotherUserInASharedFolderIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make links of others";
  write_file_atomically(folder_ / "mine", "old");
  fs::permissions(folder_, fs::perms(01777));
  fs::create_symlink("mine", folder_ / "trap");
  ASSERT_EQ(lchown((folder_ / "trap").c_str(), 4711, 4711), 0);
  EXPECT_NE(fault_of_writing(folder_ / "trap").find("another user"), std::string::npos);
  EXPECT_EQ(read_file(folder_ / "mine"), "old");
}

TEST_F(OutputTargetTest, PathsThatLeadToOneFileAreTheSame) {
  const fs::path file = folder_ / "sub" / "file";
  EXPECT_TRUE(is_same_output(file, folder_ / "." / "sub" / ".." / "sub" / "file"));
  EXPECT_FALSE(is_same_output(file, folder_ / "file"));
  fs::create_symlink("sub/file", folder_ / "link");  // to no file yet
  EXPECT_TRUE(is_same_output(file, folder_ / "link"));
  EXPECT_TRUE(is_same_output(fs::relative(file), file));
  EXPECT_FALSE(is_same_output(folder_ / "link", folder_ / "other"));
}

}  // namespace
}  // namespace ebm::base
