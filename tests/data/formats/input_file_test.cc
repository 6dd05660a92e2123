#include "data/formats/input_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/quote.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

using InputFileTest = FilesTest;

TEST_F(InputFileTest, FileAndFolderAreToldApart) {
  const fs::path file = write("sub/file", "text");
  EXPECT_EQ(read_input_file(file), "text");
  expect_error(ErrorCode::kBadData, {"sub", "found a folder, expected a file"},
               [&] { read_input_file(file.parent_path()); });
  expect_error(ErrorCode::kBadData, {file.string(), "found a file, expected a folder"},
               [&] { list_folder(file); });
  expect_error(ErrorCode::kNoInput, {"absent"}, [&] { read_input_file(folder_ / "absent"); });
  expect_error(ErrorCode::kNoInput, {"file/under"}, [&] { read_input_file(file / "under"); });
  expect_error(ErrorCode::kNoInput, {"absent"}, [&] { list_folder(folder_ / "absent"); });
}

TEST_F(InputFileTest, OnlyFilesAreOpened) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);  // opening it would wait for a writer
  expect_error(ErrorCode::kBadData,
               {pipe.string(), "found a pipe, expected a file; save what it gives as a file"},
               [&] { read_input_file(pipe); });
  expect_error(ErrorCode::kBadData, {pipe.string(), "found a pipe, expected a folder"},
               [&] { list_folder(pipe); });
  expect_error(ErrorCode::kBadData, {"/dev/zero", "found a device"},
               [] { read_input_file("/dev/zero"); });
  // The name of a socket is short: from its own folder.
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "socket"};
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  fs::current_path(before);
  expect_error(ErrorCode::kBadData, {"socket", "found a socket"},
               [&] { read_input_file(folder_ / "socket"); });
  close(fd);
  fs::create_symlink("loop", folder_ / "loop");
  expect_error(ErrorCode::kIo, {"loop"}, [&] { read_input_file(folder_ / "loop"); });
  expect_error(ErrorCode::kIo, {"name too long"},
               [&] { read_input_file(folder_ / std::string(300, 'x')); });
}

TEST_F(InputFileTest, ABrokenLinkIsNamedWithWhereItLeads) {
  fs::create_symlink("gone.png", folder_ / "a.png");
  fs::create_symlink("gone", folder_ / "set");
  expect_error(ErrorCode::kNoInput,
               {"no such file: " + (folder_ / "a.png").string(),
                "it is a link to gone.png, which is not there"},
               [&] { read_input_file(folder_ / "a.png"); });
  for (const char* name : {"set", "set/below"}) {
    expect_error(ErrorCode::kNoInput,
                 {"no such file or folder: " + (folder_ / name).string(), "is a link to gone,"},
                 [&] { list_folder(folder_ / name); });
  }
}

TEST_F(InputFileTest, FileIsReadInPieces) {
  const InputFile file(write("file", "0123456789"));
  EXPECT_EQ(file.size(), 10u);
  std::string piece(4, '?');
  file.read(3, std::as_writable_bytes(std::span(piece)));
  EXPECT_EQ(piece, "3456");
  expect_error(ErrorCode::kIo, {"ends at offset 10"},
               [&] { file.read(8, std::as_writable_bytes(std::span(piece))); });
}

TEST_F(InputFileTest, UnreadableFileIsAnInputOutputError) {
  const fs::path file = write("file", "text");
  fs::permissions(file, fs::perms::none);
  // Root may read everything, and so is nobody for the while.
  constexpr uid_t kNobody = 65534;
  const bool is_root = geteuid() == 0;
  if (is_root && seteuid(kNobody) != 0) GTEST_SKIP() << "root may be nobody else here";
  expect_error(ErrorCode::kIo, {file.string()}, [&] { read_input_file(file); });
  if (is_root) {
    ASSERT_EQ(seteuid(0), 0);
  }
}

TEST_F(InputFileTest, FolderIsListedInNaturalOrder) {
  for (const char* name : {"img10", "img9", "img2"}) write(name, "");
  const auto paths = list_folder(folder_);
  ASSERT_EQ(paths.size(), 3u);
  EXPECT_EQ(paths[0].filename(), "img2");
  EXPECT_EQ(paths[2].filename(), "img10");
}

TEST(InQuotesTest, MakesAnyBytesFitForOneLine) {
  EXPECT_EQ(base::quote("plain", '\''), "'plain'");
  EXPECT_EQ(base::quote("\x93NUM\n", '\''), "'\\x93NUM\\x0a'");
  EXPECT_EQ(base::quote(std::string(61, 'a'), '\''), "'" + std::string(60, 'a') + "...'");
}

}  // namespace
}  // namespace ebm::data
