#include "landscape/graph_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/quote.h"

namespace ebm::landscape {
namespace {

/// Fields separated by blanks; one in quotes may hold blanks.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  std::size_t i = 0;
  while (true) {
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r')) ++i;
    if (i == line.size()) return fields;
    const bool quoted = line[i] == '"';
    const std::size_t begin = quoted ? i + 1 : i;
    std::size_t end = begin;
    while (
        end < line.size() &&
        (quoted ? line[end] != '"' : line[end] != ' ' && line[end] != '\t' && line[end] != '\r')) {
      ++end;
    }
    fields.emplace_back(line.substr(begin, end - begin));
    i = quoted && end < line.size() ? end + 1 : end;
  }
}

std::string lower(std::string word) {
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

class Parser {
 public:
  explicit Parser(std::string origin) : origin_(std::move(origin)) {}

  Graph parse(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      take_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (graph_.links.empty()) {
      throw Error(ErrorCode::kBadData, origin_ +
                                           ": has no links; expected a Pajek file with *Edges, "
                                           "or lines of two names");
    }
    return std::move(graph_);
  }

 private:
  enum class Section { kList, kVertices, kEdges };

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kBadData, origin_ + ":" + std::to_string(line_) + ": " + what);
  }

  void take_line(std::string_view line) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.empty() || fields[0].starts_with('#') || fields[0].starts_with('%')) return;
    if (fields[0].starts_with('*')) {
      open_section(fields);
    } else if (section_ == Section::kVertices) {
      take_vertex(fields);
    } else {
      take_link(fields);
    }
  }

  void open_section(const std::vector<std::string>& fields) {
    const std::string word = lower(fields[0]);
    if (word == "*vertices") {
      constexpr double kMaxVertices = 1e7;
      if (fields.size() < 2) fail("*Vertices has no number");
      const double n = number(fields[1]);
      if (!(n >= 1.0) || n > kMaxVertices || n != std::floor(n)) {
        fail("*Vertices " + base::quote(fields[1]) + ": expected a whole number from 1 to 1e7");
      }
      section_ = Section::kVertices;
      n_vertices_ = static_cast<std::int64_t>(n);
      // Names come later or never; those up to the last that links speak of take memory.
      return;
    }
    if (word == "*edges") {
      section_ = Section::kEdges;
      return;
    }
    if (word == "*arcs") fail("*Arcs: a directed graph; expected *Edges");
    fail("found " + base::quote(fields[0]) + ", expected *Vertices or *Edges");
  }

  void take_vertex(const std::vector<std::string>& fields) {
    const std::int64_t id = vertex(fields[0]);
    if (fields.size() > 1) graph_.names[static_cast<std::size_t>(id)] = fields[1];
  }

  void take_link(const std::vector<std::string>& fields) {
    if (fields.size() < 2 || fields.size() > 3) {
      fail("found " + std::to_string(fields.size()) + " fields, expected two nodes and a weight");
    }
    Link link{.from = node(fields[0]), .to = node(fields[1])};
    if (fields.size() == 3) {
      link.weight = number(fields[2]);
      if (!(link.weight > 0.0) || !std::isfinite(link.weight)) {
        fail("weight " + base::quote(fields[2]) + ": must be positive and finite");
      }
    }
    graph_.links.push_back(link);
  }

  std::int64_t node(const std::string& word) {
    if (section_ == Section::kEdges) return vertex(word);
    const auto [found, is_new] =
        known_.emplace(word, static_cast<std::int64_t>(graph_.names.size()));
    if (is_new) graph_.names.push_back(word);
    return found->second;
  }

  /// The index of an ID of a Pajek file.
  std::int64_t vertex(const std::string& word) {
    std::int64_t id = 0;
    const char* end = word.data() + word.size();
    const auto [last, fault] = std::from_chars(word.data(), end, id);
    if (fault != std::errc() || last != end || id < 1 || id > n_vertices_) {
      fail("vertex " + base::quote(word) + ": must be from 1 to " + std::to_string(n_vertices_));
    }
    while (static_cast<std::int64_t>(graph_.names.size()) < id) {
      graph_.names.push_back(std::to_string(graph_.names.size() + 1));
    }
    return id - 1;
  }

  double number(const std::string& word) const {
    double value = 0.0;
    const char* end = word.data() + word.size();
    const auto [last, fault] = std::from_chars(word.data(), end, value);
    if (fault != std::errc() || last != end)
      fail("found " + base::quote(word) + ", expected a number");
    return value;
  }

  std::string origin_;
  std::int64_t line_ = 0;
  Section section_ = Section::kList;
  std::int64_t n_vertices_ = 0;
  std::map<std::string, std::int64_t, std::less<>> known_;
  Graph graph_;
};

}  // namespace

Graph parse_graph(std::string_view text, const std::string& origin) {
  return Parser(origin).parse(text);
}

Graph read_graph(const std::filesystem::path& path) {
  return parse_graph(base::read_file(path), path.string());
}

}  // namespace ebm::landscape
