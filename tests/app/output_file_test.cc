#include "app/output_file.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::app {
namespace {

const std::vector<OutputKind> kAll{OutputKind::kPng,  OutputKind::kNpy,  OutputKind::kCsv,
                                   OutputKind::kJson, OutputKind::kHtml, OutputKind::kSafetensors};

TEST(OutputFileTest, TheEndingIsTheKind) {
  const std::string folder = testing::TempDir();
  EXPECT_EQ(require_output(folder + "x.png", kAll), OutputKind::kPng);
  EXPECT_EQ(require_output(folder + "x.npy", kAll), OutputKind::kNpy);
  EXPECT_EQ(require_output(folder + "x.csv", kAll), OutputKind::kCsv);
  EXPECT_EQ(require_output(folder + "x.json", kAll), OutputKind::kJson);
  EXPECT_EQ(require_output(folder + "x.html", kAll), OutputKind::kHtml);
  EXPECT_EQ(require_output(folder + "x.safetensors", kAll), OutputKind::kSafetensors);
}

TEST(OutputFileTest, AnotherEndingIsRefused) {
  const std::vector<OutputKind> allowed{OutputKind::kNpy, OutputKind::kCsv};
  nets::expect_error(ErrorCode::kUsage, "out = x.png: must end in .npy or .csv",
                     [&] { require_output("x.png", allowed); });
  nets::expect_error(ErrorCode::kUsage, "trace = npy: must end in .npy or .csv",
                     [&] { require_output("npy", allowed, "trace"); });
}

TEST(OutputFileTest, AFolderThatDoesNotExistIsRefusedBeforeTheWork) {
  nets::expect_error(ErrorCode::kIo, "no-such-folder",
                     [] { require_output("no-such-folder/x.npy", kAll); });
}

}  // namespace
}  // namespace ebm::app
