#include "data/spec.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/base/system/scoped_home.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

void expect_usage(const std::string& spec, std::vector<std::string> facts) {
  facts.push_back("'" + spec + "'");
  expect_error(ErrorCode::kUsage, facts, [&] { parse_spec(spec); });
}

TEST(SpecTest, EveryOptionIsRead) {
  const DataSpec spec =
      parse_spec("cifar10:/data/cifar#split=test,limit=100,class=3,size=16,gray=1,stack=1");
  EXPECT_EQ(spec, (DataSpec{.scheme = Scheme::kCifar10,
                            .target = "/data/cifar",
                            .split = Split::kTest,
                            .limit = 100,
                            .klass = "3",
                            .size = 16,
                            .gray = true,
                            .stack = true,
                            .layout = std::nullopt,
                            .background = std::nullopt,
                            .seed = std::nullopt}));
  EXPECT_EQ(parse_spec("toy:rings#seed=18446744073709551615").seed, 18446744073709551615u);
  EXPECT_EQ(parse_spec("fashion-mnist").target, "");
  EXPECT_FALSE(parse_spec("fashion-mnist#gray=0").gray);
  EXPECT_EQ(parse_spec("fashion-mnist#split=test,").split, Split::kTest);
}

TEST(SpecTest, OptionsOfFoldersAndArraysAreRead) {
  const DataSpec spec =
      parse_spec("images:f#split=valid,class=tabby cat,background=255,128,0,skip_bad=1,size=8");
  EXPECT_EQ(spec.split, Split::kValidation);
  EXPECT_EQ(spec.klass, "tabby cat");
  EXPECT_EQ(spec.background, (Color{255, 128, 0}));
  EXPECT_TRUE(spec.skip_bad);
  EXPECT_EQ(spec.size, 8);
  EXPECT_EQ(parse_spec("images:f#background=white").background, (Color{255, 255, 255}));
  EXPECT_EQ(parse_spec("images:f#background=black,gray=1").background, Color{});
  EXPECT_EQ(parse_spec("images:f#background=1,2,3").background, (Color{1, 2, 3}));
  EXPECT_EQ(parse_spec("npy:f#layout=nhwc").layout, Layout::kNhwc);
  EXPECT_EQ(parse_spec("idx:f#layout=nchw,limit=1").layout, Layout::kNchw);
  EXPECT_EQ(parse_spec("fashion-mnist#class=T-shirt/top").klass, "T-shirt/top");
}

TEST(SpecTest, AnItemIsCountedFromZero) {
  EXPECT_EQ(parse_spec("fashion-mnist#split=test,item=0").item, 0);
  EXPECT_EQ(parse_spec("npy:f#item=7").item, 7);
  EXPECT_EQ(parse_spec("fashion-mnist").item, std::nullopt);
  expect_usage("toy:rings#item=-1", {"item='-1'", "from 0 on"});
}

TEST(SpecTest, AFileStandsForItsSpec) {
  const auto folder = std::filesystem::temp_directory_path() / "ebm-spec-or-file";
  std::filesystem::create_directory(folder);
  for (const char* name : {"a.png", "x.npy", "b#k=v"}) std::ofstream(folder / name) << "";
  const std::string at = folder.string() + "/";
  EXPECT_EQ(spec_or_file(at + "a.png"), "images:" + at + "a.png");
  EXPECT_EQ(spec_or_file(at + "a.png#gray=1"), "images:" + at + "a.png#gray=1");
  EXPECT_EQ(spec_or_file(at + "x.npy#item=2"), "npy:" + at + "x.npy#item=2");
  EXPECT_EQ(spec_or_file(at + "b#k=v#"), "images:" + at + "b#k=v#");
  // A pipe, too: reading says that it is none.
  ASSERT_EQ(mkfifo((at + "pipe.npy").c_str(), 0600), 0);
  EXPECT_EQ(spec_or_file(at + "pipe.npy"), "npy:" + at + "pipe.npy");
  EXPECT_EQ(spec_or_file(at + "gone"), at + "gone");
  expect_error(ErrorCode::kNoInput, {"no such file: " + at + "gone.png"},
               [&] { spec_or_file(at + "gone.png#gray=1"); });
  EXPECT_EQ(spec_or_file("fashion-mnist#item=1"), "fashion-mnist#item=1");
  EXPECT_EQ(spec_or_file("images:" + at + "a.png"), "images:" + at + "a.png");
  std::filesystem::remove_all(folder);
}

TEST(SpecTest, HashOfAPathIsNotTakenForOptions) {
  EXPECT_EQ(parse_spec("images:/a#1/b").target, "/a#1/b");
  EXPECT_EQ(parse_spec("images:/a#k=v/b").target, "/a#k=v/b");
  EXPECT_EQ(parse_spec("images:/a#1/b#limit=2").target, "/a#1/b");
  EXPECT_EQ(parse_spec("images:/a#1").target, "/a#1");
  EXPECT_EQ(parse_spec("images:/a#k=v#").target, "/a#k=v");
  EXPECT_EQ(parse_spec("npy:C:/x.npy").target, "C:/x.npy");
}

TEST(SpecTest, TextParsesToTheSameSpec) {
  for (const std::string text :
       {"fashion-mnist", "fashion-mnist#split=test,limit=5", "npy:a#limit=9,item=4", "images:/a#1#",
        "images:/a#k=v#", "images:/a#1#class=0,size=32,gray=1",
        "images:a#split=val,class=cat,background=1,2,3,skip_bad=1", "npy:a#limit=2,layout=nhwc",
        "toy:rings#split=train,limit=10,seed=3"}) {
    EXPECT_EQ(to_string(parse_spec(text)), text);
  }
}

TEST(SpecTest, UnknownNamesAreListedWithTheNearest) {
  expect_usage("fashon-mnist", {"'fashon-mnist'", "did you mean 'fashion-mnist'", "toy:NAME"});
  expect_usage("/data/x", {"unknown kind", "images:FOLDER"});
  expect_usage("", {"unknown kind ''"});
  expect_usage("idx:f#limt=3",
               {"'limt'", "did you mean 'limit'", "known: split, limit, class, item, size"});
  expect_usage("fashion-mnist#test", {"unknown option 'test'", "known: split"});
}

TEST(SpecTest, PathsWithoutAKindSuggestOne) {
  const std::string folder = std::filesystem::temp_directory_path().string();
  expect_usage(folder + "#size=32", {"did you mean 'images:" + folder + "#size=32'?"});
  expect_usage("x.npy", {"did you mean 'npy:x.npy'?"});
  expect_usage("table.csv", {"numpy.save makes an .npy file of it"});
}

TEST(SpecTest, OptionThatDoesNotApplyIsNamedWithThoseThatDo) {
  expect_usage("toy:rings#size=3", {"'size' does not apply to toy", "split, limit, item, seed"});
  expect_usage("npy:f#class=3", {"'class' does not apply to npy", "limit"});
  expect_usage("images:f#stack=1", {"'stack' does not apply to images"});
  expect_usage("cifar10:f#skip_bad=1", {"'skip_bad' does not apply to cifar10"});
  expect_usage("fashion-mnist#layout=nhwc", {"'layout' does not apply to fashion-mnist"});
  expect_usage("fashion-mnist#seed=1", {"'seed' does not apply to fashion-mnist"});
}

TEST(SpecTest, BadValuesAreNamedWithWhatWouldBeRight) {
  expect_usage("fashion-mnist#limit=0", {"limit='0'", "from 1 on"});
  expect_usage("fashion-mnist#limit=-3", {"limit='-3'", "from 1 on"});
  expect_usage("fashion-mnist#limit=3k", {"limit='3k'"});
  expect_usage("fashion-mnist#limit=99999999999999999999", {"limit='9999"});
  expect_usage("fashion-mnist#limit=", {"limit=''"});
  expect_usage("fashion-mnist#limit", {"'limit' has no value"});
  expect_usage("fashion-mnist#class=-1", {"class='-1'", "from 0 to 65535"});
  expect_usage("fashion-mnist#size=5000", {"size='5000'", "from 1 to 4096"});
  expect_usage("fashion-mnist#gray=yes", {"gray='yes'", "from 0 to 1"});
  expect_usage("fashion-mnist#split=valid", {"split='valid'", "train or test"});
  expect_usage("images:f#split=dev", {"split='dev'", "train, test or val"});
  expect_usage("npy:f#layout=hwc", {"layout='hwc'", "nchw or nhwc"});
  expect_usage("images:f#skip_bad=yes", {"skip_bad='yes'", "from 0 to 1"});
  for (const std::string color : {"red", "256,0,0", "1,2", "1,,3", "-1,0,0", ""}) {
    expect_usage("images:f#background=" + color, {"background=", "white, black or R,G,B"});
  }
  expect_usage("toy:rings#seed=-1", {"seed='-1'", "from 0 on"});
  expect_usage("fashion-mnist#limit=1,limit=2", {"'limit' is given twice"});
}

TEST(SpecTest, MissingAndSuperfluousTargetsAreNamed) {
  expect_usage("idx", {"expected :FOLDER_OR_FILE"});
  expect_usage("idx:", {"expected :FOLDER_OR_FILE"});
  expect_usage("toy:#seed=1", {"expected :NAME"});
  expect_usage("fashion-mnist:/data", {"':/data' after fashion-mnist", "expected nothing"});
}

TEST(SpecTest, TildeOfEveryPathIsHome) {
  const base::ScopedHome home("/home/ann");
  EXPECT_EQ(parse_spec("images:~/pics#size=8").target, "/home/ann/pics");
  EXPECT_EQ(parse_spec("idx:~/mnist").target, "/home/ann/mnist");
  EXPECT_EQ(parse_spec("cifar10:~/cifar").target, "/home/ann/cifar");
  EXPECT_EQ(parse_spec("npy:~/x.npy").target, "/home/ann/x.npy");
  const base::ScopedHome none(nullptr);
  expect_error(ErrorCode::kUsage, {"~/pics", "HOME"}, [] { parse_spec("images:~/pics"); });
}

}  // namespace
}  // namespace ebm::data
