#include "data/spec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/path_kind.h"
#include "base/quote.h"
#include "base/system/home_folder.h"

namespace ebm::data {
namespace {

using Names = std::vector<std::string>;

struct SchemeRow {
  Scheme scheme;
  std::string name;
  std::string target;  // what follows the colon, empty if nothing does
  bool target_is_path;
  Names options;
};

const std::vector<SchemeRow>& schemes() {
  static const Names kImages = {"split", "limit", "class", "item", "size", "gray", "stack"};
  static const Names kIdx = {"split", "limit", "class", "item", "size", "gray", "stack", "layout"};
  static const Names kFolder = {"split", "limit", "class",      "item",
                                "size",  "gray",  "background", "skip_bad"};
  static const std::vector<SchemeRow> kSchemes = {
      {Scheme::kFashionMnist, "fashion-mnist", "", false, kImages},
      {Scheme::kIdx, "idx", "FOLDER_OR_FILE", true, kIdx},
      {Scheme::kCifar10, "cifar10", "FOLDER", true, kImages},
      {Scheme::kImages, "images", "FOLDER", true, kFolder},
      {Scheme::kNpy, "npy", "FILE", true, {"limit", "item", "layout"}},
      {Scheme::kToy, "toy", "NAME", false, {"split", "limit", "item", "seed"}},
  };
  return kSchemes;
}

const std::string& name_of(Scheme scheme) {
  for (const SchemeRow& row : schemes()) {
    if (row.scheme == scheme) return row.name;
  }
  throw Error(ErrorCode::kUsage, "data set of scheme " + std::to_string(static_cast<int>(scheme)) +
                                     ": is no value of Scheme");
}

const Names& option_names() {
  static const Names kNames = {"split", "limit",  "class",      "item",     "size", "gray",
                               "stack", "layout", "background", "skip_bad", "seed"};
  return kNames;
}

bool contains(const Names& names, const std::string& name) {
  for (const std::string& known : names) {
    if (known == name) return true;
  }
  return false;
}

std::string join(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string suggestion(const std::string& word, const Names& known) {
  const std::string nearest = base::nearest_name(word, known);
  return nearest.empty() ? "" : ", did you mean '" + nearest + "'?";
}

/// Where the options begin with '#' in what follows the name of a scheme, if they do.
std::size_t find_options(const std::string& rest, bool target_is_path) {
  if (!target_is_path) return rest.find('#');
  const std::size_t hash = rest.rfind('#');
  if (hash == std::string::npos || hash + 1 == rest.size()) return hash;
  const std::string_view after = std::string_view(rest).substr(hash + 1);
  const bool options =
      after.find('=') != std::string_view::npos && after.find('/') == std::string_view::npos;
  return options ? hash : std::string::npos;
}

/// One parse; keeps the SPEC for its messages.
class SpecParser {
 public:
  explicit SpecParser(const std::string& text) : text_(text) {}

  DataSpec parse() {
    const SchemeRow& scheme = find_scheme();
    spec_.scheme = scheme.scheme;
    std::string rest = text_.substr(scheme.name.size());
    const std::size_t hash = find_options(rest, scheme.target_is_path);
    const std::string options = hash == std::string::npos ? "" : rest.substr(hash + 1);
    rest = rest.substr(0, hash);
    if (!rest.empty()) spec_.target = rest.substr(1);
    if (scheme.target_is_path) spec_.target = base::expand_home(spec_.target);
    if (scheme.target.empty() ? !rest.empty() : spec_.target.empty()) {
      fail("found " + base::quote(rest, '\'') + " after " + scheme.name + ", expected " +
           (scheme.target.empty() ? "nothing" : ":" + scheme.target));
    }
    for (std::size_t begin = 0; begin < options.size();) {
      const std::size_t end = end_of_option(options, begin);
      parse_option(scheme, options.substr(begin, end - begin));
      begin = end + 1;
    }
    return spec_;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kUsage, "data set " + base::quote(text_, '\'') + ": " + what);
  }

  /// What a path without its kind stands for.
  std::string meant_by_path(const std::string& word) const {
    const bool is_table = word.ends_with(".csv") || word.ends_with(".tsv");
    if (is_table) return ", a table of text: numpy.save makes an .npy file of it, for npy:FILE";
    const bool is_npy = word.ends_with(".npy");
    if (word.empty() || (!is_npy && !base::is_folder(word))) return "";
    return ", did you mean " + base::quote((is_npy ? "npy:" : "images:") + text_, '\'') + "?";
  }

  const SchemeRow& find_scheme() const {
    const std::string word = text_.substr(0, text_.find_first_of(":#"));
    Names known, usages;
    for (const SchemeRow& scheme : schemes()) {
      if (scheme.name == word) return scheme;
      known.push_back(scheme.name);
      usages.push_back(scheme.name + (scheme.target.empty() ? "" : ":" + scheme.target));
    }
    std::string meant = meant_by_path(word);
    if (meant.empty()) meant = suggestion(word, known);
    fail("unknown kind " + base::quote(word, '\'') + meant + "; known: " + join(usages));
  }

  /// Where the option that begins at `begin` ends. A colour has commas of its own.
  static std::size_t end_of_option(const std::string& options, std::size_t begin) {
    const auto next_comma = [&options](std::size_t from) {
      return std::min(options.find(',', from), options.size());
    };
    std::size_t end = next_comma(begin);
    if (!options.substr(begin).starts_with("background=")) return end;
    for (int i = 0; i < 2 && end < options.size(); ++i) {
      const std::size_t next = next_comma(end + 1);
      if (options.substr(end + 1, next - end - 1).find('=') != std::string::npos) break;
      end = next;
    }
    return end;
  }

  void parse_option(const SchemeRow& scheme, const std::string& option) {
    const std::size_t equals = option.find('=');
    const std::string key = option.substr(0, equals);
    if (!contains(option_names(), key)) {
      fail("unknown option " + base::quote(key, '\'') + suggestion(key, option_names()) +
           "; known: " + join(option_names()));
    }
    if (!contains(scheme.options, key)) {
      fail("option '" + key + "' does not apply to " + scheme.name +
           ", expected one of: " + join(scheme.options));
    }
    if (equals == std::string::npos)
      fail("option '" + key + "' has no value, expected " + key + "=");
    if (!seen_.insert(key).second) fail("option '" + key + "' is given twice, expected once");
    const std::string value = option.substr(equals + 1);
    if (key == "split") {
      spec_.split = parse_split(scheme, value);
    } else if (key == "limit") {
      spec_.limit =
          parse_number<std::int64_t>(key, value, 1, std::numeric_limits<std::int64_t>::max());
    } else if (key == "class") {
      spec_.klass = parse_class(value);
    } else if (key == "item") {
      spec_.item =
          parse_number<std::int64_t>(key, value, 0, std::numeric_limits<std::int64_t>::max());
    } else if (key == "size") {
      spec_.size = parse_number<int>(key, value, 1, 4096);
    } else if (key == "gray") {
      spec_.gray = parse_number<int>(key, value, 0, 1) == 1;
    } else if (key == "stack") {
      spec_.stack = parse_number<int>(key, value, 0, 1) == 1;
    } else if (key == "layout") {
      if (value != "nchw" && value != "nhwc") fail_value(key, value, "nchw or nhwc");
      spec_.layout = value == "nhwc" ? Layout::kNhwc : Layout::kNchw;
    } else if (key == "background") {
      spec_.background = parse_color(value);
    } else if (key == "skip_bad") {
      spec_.skip_bad = parse_number<int>(key, value, 0, 1) == 1;
    } else {
      spec_.seed =
          parse_number<std::uint64_t>(key, value, 0, std::numeric_limits<std::uint64_t>::max());
    }
  }

  Split parse_split(const SchemeRow& scheme, const std::string& value) const {
    if (value == "train") return Split::kTrain;
    if (value == "test") return Split::kTest;
    const bool may_be_validation = scheme.scheme == Scheme::kImages;
    if (may_be_validation && (value == "val" || value == "valid" || value == "validation")) {
      return Split::kValidation;
    }
    fail_value("split", value, may_be_validation ? "train, test or val" : "train or test");
  }

  /// A name is compared with those of the set when that is read.
  std::string parse_class(const std::string& value) const {
    const bool is_number = value.find_first_not_of("-0123456789") == std::string::npos;
    if (is_number) return std::to_string(parse_number<int>("class", value, 0, 65535));
    return value;
  }

  Color parse_color(const std::string& value) const {
    if (value == "black") return {};
    if (value == "white") return {255, 255, 255};
    std::array<std::uint8_t, 3> levels{};
    const char* at = value.data();
    const char* end = at + value.size();
    for (std::size_t i = 0; i < 3; ++i) {
      const auto [stop, status] = std::from_chars(at, end, levels[i]);
      const bool is_last = i == 2;
      const bool good =
          status == std::errc() && (is_last ? stop == end : stop != end && *stop == ',');
      if (!good)
        fail_value("background", value, "white, black or R,G,B of whole numbers from 0 to 255");
      at = stop + 1;
    }
    return {levels[0], levels[1], levels[2]};
  }

  template <class Number>
  Number parse_number(const std::string& key, const std::string& value, Number least,
                      Number most) const {
    Number number{};
    const char* end = value.data() + value.size();
    const auto [stop, status] = std::from_chars(value.data(), end, number);
    if (status != std::errc() || stop != end || number < least || number > most) {
      fail_value(key, value,
                 "a whole number from " + std::to_string(least) +
                     (most < std::numeric_limits<Number>::max() ? " to " + std::to_string(most)
                                                                : std::string(" on")));
    }
    return number;
  }

  [[noreturn]] void fail_value(const std::string& key, const std::string& value,
                               const std::string& expected) const {
    fail("found " + key + "=" + base::quote(value, '\'') + ", expected " + expected);
  }

  const std::string& text_;
  DataSpec spec_;
  std::set<std::string> seen_;
};

}  // namespace

DataSpec parse_spec(const std::string& spec) { return SpecParser(spec).parse(); }

std::string to_string(const DataSpec& spec) {
  std::string options;
  const auto add = [&options](const std::string& key, const std::string& value) {
    options += (options.empty() ? "#" : ",") + key + "=" + value;
  };
  if (spec.split) add("split", to_string(*spec.split));
  if (spec.limit) add("limit", std::to_string(*spec.limit));
  if (spec.klass) add("class", *spec.klass);
  if (spec.item) add("item", std::to_string(*spec.item));
  if (spec.size) add("size", std::to_string(*spec.size));
  if (spec.gray) add("gray", "1");
  if (spec.stack) add("stack", "1");
  if (spec.layout) add("layout", to_string(*spec.layout));
  if (spec.background) {
    const Color& color = *spec.background;
    add("background", std::to_string(color.red) + "," + std::to_string(color.green) + "," +
                          std::to_string(color.blue));
  }
  if (spec.skip_bad) add("skip_bad", "1");
  if (spec.seed) add("seed", std::to_string(*spec.seed));
  std::string text = name_of(spec.scheme) + (spec.target.empty() ? "" : ":" + spec.target);
  // A '#' of the path itself must not be read as the begin of options.
  if (options.empty() && spec.target.find('#') != std::string::npos) options = "#";
  return text + options;
}

std::string spec_or_file(const std::string& text) {
  const std::string word = text.substr(0, text.find_first_of(":#"));
  for (const SchemeRow& scheme : schemes()) {
    if (scheme.name == word) return text;
  }
  const std::string path = base::expand_home(text.substr(0, find_options(text, true)));
  if (!base::path_exists(path)) {
    for (const char* ending : {".png", ".jpg", ".jpeg", ".webp", ".npy"}) {
      if (path.ends_with(ending)) throw Error(ErrorCode::kNoInput, base::no_such_file(path));
    }
  }
  if (!base::path_exists(path) || base::is_folder(path)) return text;
  return (path.ends_with(".npy") ? "npy:" : "images:") + text;
}

}  // namespace ebm::data
