#include "data/image_folder/split_folders.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "data/formats/bad_file.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

using Names = std::vector<std::string>;

std::optional<Split> split_of_word(std::string_view word) {
  using Row = std::pair<Split, std::vector<std::string_view>>;
  static const std::array<Row, 3> kWords{
      Row{Split::kTrain, {"train", "training", "trainset"}},
      Row{Split::kTest, {"test", "testing", "testset"}},
      Row{Split::kValidation, {"val", "valid", "validation", "valset", "dev", "eval"}}};
  for (const auto& [split, words] : kWords) {
    if (std::find(words.begin(), words.end(), word) != words.end()) return split;
  }
  return std::nullopt;
}

/// The split in a name with something around it: "seg_train", "train2017".
std::optional<Split> split_inside(const std::string& name) {
  std::optional<Split> found;
  std::string word;
  for (const char c : lower_case(name) + " ") {
    if (c >= 'a' && c <= 'z') {
      word += c;
      continue;
    }
    const auto split = split_of_word(word);
    if (split && found) return std::nullopt;
    if (split) found = split;
    word.clear();
  }
  return found;
}

/// Folders by the splits for which they are named.
struct NamedFolders {
  std::map<Split, Names> of;
  Names others;

  bool has_training_and_another() const { return of.size() > 1 && of.contains(Split::kTrain); }
};

template <class Function>
NamedFolders sort_by_split(const Names& folders, Function split_of) {
  NamedFolders named;
  for (const std::string& name : folders) {
    const std::optional<Split> split = split_of(name);
    (split ? named.of[*split] : named.others).push_back(name);
  }
  return named;
}

std::optional<NamedFolders> splits_among(const FolderContent& content) {
  NamedFolders exact = sort_by_split(content.folders, split_named);
  const bool all = exact.others.empty() && !exact.of.empty() && content.images.empty();
  if (all || exact.has_training_and_another()) return exact;
  NamedFolders inside = sort_by_split(content.folders, split_inside);
  const bool is_set = inside.has_training_and_another() && inside.others.empty();
  if (is_set && content.images.empty()) return inside;
  return std::nullopt;
}

SplitFolders one_of_each(const fs::path& parent, const NamedFolders& named, Names loose_images) {
  SplitFolders splits{.parent = parent,
                      .names = {},
                      .others = named.others,
                      .loose_images = std::move(loose_images)};
  for (const auto& [split, names] : named.of) {
    if (names.size() > 1) {
      bad_file(parent.string(), "its folders " + names[0] + " and " + names[1] +
                                    " both stand for split=" + to_string(split) +
                                    ", expected one; images:" + (parent / names[0]).string() +
                                    " reads that one alone");
    }
    splits.names[split] = names[0];
  }
  return splits;
}

/// @param depth  how many folders may lie in one another
std::optional<SplitFolders> splits_within(const fs::path& folder, int depth) {
  PassedOver ignored;
  FolderContent content = list_content(folder, ignored);
  const auto named = splits_among(content);
  if (content.folders.size() == 1 && content.images.empty() && depth > 1) {
    // A whole set may lie in a folder that has the name of a split.
    auto inner = splits_within(folder / content.folders[0], depth - 1);
    if (inner && (!named || inner->names.size() > 1)) return inner;
  }
  if (!named) return std::nullopt;
  return one_of_each(folder, *named, std::move(content.images));
}

}  // namespace

std::optional<Split> split_named(const std::string& name) {
  return split_of_word(lower_case(name));
}

bool are_splits(const Names& folders) {
  return sort_by_split(folders, split_named).has_training_and_another();
}

std::optional<SplitFolders> find_splits(const fs::path& folder) {
  constexpr int kMaxDepth = 3;
  return splits_within(folder, kMaxDepth);
}

}  // namespace ebm::data
