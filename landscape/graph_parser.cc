#include "landscape/graph_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/foreign_format.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "landscape/column_names.h"

namespace ebm::landscape {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
/// Nodes that a small file may have without naming them.
constexpr std::int64_t kFewVertices = 10'000;
constexpr std::int64_t kMaxVertices = 1'000'000'000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Whether a field is what other formats have between nodes, and not a name in quotes.
bool is_arrow(std::string_view line, std::string_view field) {
  constexpr std::array<std::string_view, 8> kArrows{"-", "--", "->", "<-", "<->", "-->", "=>", "="};
  const bool is_quoted = field.data() > line.data() && field.data()[-1] == '"';
  return !is_quoted && std::ranges::find(kArrows, field) != kArrows.end();
}

}  // namespace

void GraphParser::fail(const std::string& what) const {
  throw Error(ErrorCode::kBadData, origin_ + ":" + std::to_string(line_) + ": " + what);
}

void GraphParser::take_line(std::string_view line) {
  ++line_;
  n_bytes_ += static_cast<std::int64_t>(line.size()) + 1;
  if (line.starts_with(kUtf8Mark)) line.remove_prefix(kUtf8Mark.size());
  const std::string format = line_ == 1 ? base::foreign_format(line) : "";
  if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF") ||
      line.find('\0') != std::string_view::npos || (!format.empty() && !base::is_utf8(line))) {
    fail(format.empty() ? "is UTF-16 or no text; expected UTF-8" : "is no text" + format);
  }
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  if (section_ == Section::kList && links_.empty()) refuse_other_formats(line);
  if (line.empty() || line.front() == '#' || line.front() == '%' || line.starts_with("//")) return;
  split(line);
  if (line.front() == '*') {
    open_section();
    return;
  }
  switch (section_) {
    case Section::kPassedOver:
      break;
    case Section::kVertices:
      take_vertex();
      break;
    case Section::kList:
    case Section::kEdges:
      take_link(line);
      break;
    case Section::kEdgesList:
      take_neighbours();
      break;
    case Section::kArcs:
      fail("an arc: a directed graph; expected *Edges");
    case Section::kMatrix:
      take_row();
      break;
  }
}

/// Fields separated by blanks; one in quotes may hold blanks.
void GraphParser::split(std::string_view line) {
  fields_.clear();
  for (std::size_t i = 0;;) {
    while (i < line.size() && is_blank(line[i])) ++i;
    if (i == line.size()) return;
    if (line[i] == '"') {
      const std::size_t end = line.find('"', i + 1);
      if (end == std::string_view::npos) fail("a quotation mark is not closed");
      fields_.push_back(line.substr(i + 1, end - i - 1));
      i = end + 1;
      if (i < line.size() && !is_blank(line[i])) fail("text follows a closing quotation mark");
    } else {
      std::size_t end = i;
      while (end < line.size() && !is_blank(line[end])) ++end;
      fields_.push_back(line.substr(i, end - i));
      i = end;
    }
  }
}

/// Their first lines may look like a link.
void GraphParser::refuse_other_formats(std::string_view line) const {
  const auto refuse = [&](const char* format) {
    fail(std::string("looks like ") + format + "; expected Pajek or lines of two names");
  };
  if (line.starts_with("%%MatrixMarket")) refuse("Matrix Market");
  const std::string text = lower(line.substr(0, 100));
  const bool opens = text.ends_with('[') || text.ends_with('{');
  if (text.starts_with("<!doctype") || text.starts_with("<html")) refuse("a web page");
  if (text.starts_with("version https://git-lfs")) {
    refuse("a pointer of Git LFS, whose data are not here");
  }
  if (text.starts_with("<?xml") || text.starts_with("<g")) refuse("XML (GraphML, GEXF)");
  if (text.starts_with("{\"") || text == "{" || text == "[") refuse("JSON");
  if ((text.starts_with("graph") || text.starts_with("digraph")) && opens) refuse("GML or DOT");
  if (text.starts_with("creator ")) refuse("GML");
  if (text.starts_with("dl ") && text.find('=') != std::string::npos) refuse("UCINET DL");
}

void GraphParser::open_section() {
  struct Known {
    std::string_view word;
    Section section;
  };
  constexpr std::array<Known, 11> kKnown{{{"*network", Section::kPassedOver},
                                          {"*partition", Section::kPassedOver},
                                          {"*vector", Section::kPassedOver},
                                          {"*cluster", Section::kPassedOver},
                                          {"*permutation", Section::kPassedOver},
                                          {"*vertices", Section::kVertices},
                                          {"*edges", Section::kEdges},
                                          {"*edgeslist", Section::kEdgesList},
                                          {"*arcs", Section::kArcs},
                                          {"*arcslist", Section::kArcs},
                                          {"*matrix", Section::kMatrix}}};
  const std::string word = lower(fields_[0]);
  const auto* const found = std::ranges::find(kKnown, word, &Known::word);
  if (found == kKnown.end()) {
    fail("found " + base::quote(fields_[0]) + ", expected *Vertices or *Edges");
  }
  if (section_ == Section::kList && !links_.empty()) {
    fail(base::quote(fields_[0]) + " after lines of links; expected one format");
  }
  if (word == "*network" && std::exchange(has_network_, true)) {
    fail("a second *Network; expected one");
  }
  // A partition or a vector has lines of its own below a *Vertices of its own.
  const bool of_partition = section_ == Section::kPassedOver && n_vertices_ > 0;
  if (found->section == Section::kVertices && of_partition) return;
  if (found->section == Section::kVertices) {
    take_count();
  } else if (found->section != Section::kPassedOver && n_vertices_ == 0) {
    fail(base::quote(fields_[0]) + " before *Vertices");
  }
  if (found->section == Section::kMatrix && !matrix_.empty()) fail("a second *Matrix");
  section_ = found->section;
}

void GraphParser::take_count() {
  if (n_vertices_ > 0) fail("a second *Vertices; expected one network");
  if (fields_.size() < 2) fail("*Vertices has no number");
  const double n = number(fields_[1]);
  if (!(n >= 1.0) || n > static_cast<double>(kMaxVertices) || n != std::floor(n)) {
    fail("*Vertices " + base::quote(fields_[1]) + ": expected a whole number from 1 to 1e9");
  }
  n_vertices_ = static_cast<std::int64_t>(n);
  vertices_line_ = line_;
}

void GraphParser::take_vertex() {
  const std::int64_t id = vertex(fields_[0]);
  if (fields_.size() > 1) given_names_.push_back({id, line_, std::string(fields_[1])});
}

void GraphParser::take_link(std::string_view line) {
  if (fields_.size() < 2) {
    const bool commas = fields_[0].find_first_of(",;") != std::string_view::npos;
    fail("found 1 field, expected two nodes and a weight" +
         std::string(commas ? ", separated by blanks" : ""));
  }
  const bool is_list = section_ == Section::kList;
  // `1, 2`: the comma would become a part of the name.
  const char last = fields_[0].empty() ? ' ' : fields_[0].back();
  const bool is_quoted = fields_[0].data() > line.data() && fields_[0].data()[-1] == '"';
  if (is_list && !is_quoted && (last == ',' || last == ';')) {
    fail("found " + base::quote(fields_[0]) + ", expected two nodes separated by blanks");
  }
  if (is_list && is_arrow(line, fields_[1])) {
    fail("found " + base::quote(fields_[1]) + " for a node, expected two nodes and a weight");
  }
  if (is_list && first_line_.empty()) {
    first_line_ = base::quote(line);
    first_ = line_;
    has_column_names_ = are_ends_of_a_link(fields_[0], fields_[1]);
    if (has_column_names_) return;
  }
  Link link{.from = node(fields_[0]), .to = node(fields_[1])};
  if (fields_.size() > 2) {
    const std::string_view third = fields_[2];
    if (is_list && third.starts_with('{')) {
      link.weight =
          weight_attribute(line.substr(static_cast<std::size_t>(third.data() - line.data())));
      add_link(link);
      return;
    }
    const bool has_attributes = fields_.size() > 3 && !is_number(fields_[3]);
    if (fields_.size() > 3 && !has_attributes) {
      fail("found " + std::to_string(fields_.size()) +
           " fields, expected two nodes, a weight and attributes by name");
    }
    if (is_list && line_ == first_ && !is_number(third) && !third.starts_with('+')) {
      fail("found " + base::quote(third) + ", expected a number; # before a line of names of " +
           "columns makes it a comment");
    }
    // Pajek's attributes, `c Blue`, may follow without a weight.
    if (is_list || !has_attributes || is_number(third)) link.weight = weight(third);
  }
  add_link(link);
}

void GraphParser::take_neighbours() {
  if (fields_.size() < 2) fail("found 1 field, expected a vertex and its neighbours");
  const std::int64_t from = vertex(fields_[0]);
  for (std::size_t i = 1; i < fields_.size(); ++i) {
    add_link({.from = from, .to = vertex(fields_[i])});
  }
}

void GraphParser::take_row() {
  const auto n = static_cast<std::size_t>(n_vertices_);
  if (fields_.size() != n) {
    fail("found " + std::to_string(fields_.size()) + " fields, expected a row of " +
         std::to_string(n) + " weights");
  }
  if (matrix_.size() == n * n) fail("found a row after the last of *Matrix");
  for (const std::string_view word : fields_) {
    matrix_.push_back(number(word) == 0.0 ? 0.0 : weight(word));
  }
}

void GraphParser::finish_matrix() {
  const auto n = static_cast<std::size_t>(n_vertices_);
  if (matrix_.size() != n * n) {
    fail("*Matrix ends after " + std::to_string(matrix_.size() / n) + " rows, expected " +
         std::to_string(n));
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double one = matrix_[i * n + j], other = matrix_[j * n + i];
      if (one != other) {
        fail("*Matrix has " + base::number_text(other) + " from " + std::to_string(j + 1) + " to " +
             std::to_string(i + 1) + " and " + base::number_text(one) +
             " back: a directed graph; expected a symmetric matrix");
      }
      if (one == 0.0) continue;
      add_link({.from = static_cast<std::int64_t>(j),
                .to = static_cast<std::int64_t>(i),
                .weight = one});
    }
  }
}

void GraphParser::add_link(const Link& link) { links_.push_back(link); }

void GraphParser::expect_rest(double fraction) {
  if (!(fraction > 0.0) || links_.size() < links_.capacity() / 2) return;
  constexpr double kSpare = 1.02;
  links_.reserve(static_cast<std::size_t>(kSpare * static_cast<double>(links_.size()) / fraction));
}

std::int64_t GraphParser::node(std::string_view word) {
  return section_ == Section::kEdges ? vertex(word) : names_.number_of(word);
}

/// The index of an ID of a Pajek file.
std::int64_t GraphParser::vertex(std::string_view word) const {
  std::int64_t id = 0;
  const char* end = word.data() + word.size();
  const auto [last, fault] = std::from_chars(word.data(), end, id);
  if (fault != std::errc() || last != end || id < 1 || id > n_vertices_) {
    fail("vertex " + base::quote(word) + ": must be from 1 to " + std::to_string(n_vertices_));
  }
  return id - 1;
}

double GraphParser::number(std::string_view word) const {
  double value = 0.0;
  const char* begin = word.data() + (word.starts_with('+') ? 1 : 0);
  const char* end = word.data() + word.size();
  const auto [last, fault] = std::from_chars(begin, end, value);
  if (fault == std::errc::result_out_of_range && last == end) {
    fail("found " + base::quote(word) + ", which is beyond the range of a double");
  }
  if (fault != std::errc() || last != end) {
    fail("found " + base::quote(word) + ", expected a number");
  }
  return value;
}

double GraphParser::weight(std::string_view word) const {
  const double value = number(word);
  if (!(value > 0.0) || !std::isfinite(value)) {
    fail("weight " + base::quote(word) + ": must be positive and finite");
  }
  return value;
}

/// The weight in {'weight': 0.5}, as Python prints a dictionary; 1 if there is none.
double GraphParser::weight_attribute(std::string_view attributes) const {
  if (attributes.find('}') == std::string_view::npos) fail("a { is not closed");
  for (const std::string_view key : {"'weight':", "\"weight\":"}) {
    const std::size_t at = attributes.find(key);
    if (at == std::string_view::npos) continue;
    std::string_view rest = attributes.substr(at + key.size());
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    return weight(rest.substr(0, rest.find_first_of(",} \t")));
  }
  return 1.0;
}

std::vector<std::string> GraphParser::names_of_vertices() {
  if (n_vertices_ > std::max(kFewVertices, n_bytes_)) {
    line_ = vertices_line_;
    fail("*Vertices " + std::to_string(n_vertices_) + ": expected at most " +
         std::to_string(kFewVertices) + ", or as many as the file has bytes (" +
         std::to_string(n_bytes_) + ")");
  }
  std::vector<std::string> names(static_cast<std::size_t>(n_vertices_));
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = std::to_string(i + 1);
  std::vector<bool> is_named(names.size());
  for (GivenName& given : given_names_) {
    const auto i = static_cast<std::size_t>(given.vertex);
    if (is_named[i] && names[i] != given.name) {
      line_ = given.line;
      fail("vertex " + std::to_string(i + 1) + " is named " + base::quote(given.name) +
           " here and " + base::quote(names[i]) + " before; expected one name");
    }
    is_named[i] = true;
    names[i] = std::move(given.name);
  }
  given_names_ = {};
  return names;
}

Graph GraphParser::finish() {
  if (!matrix_.empty()) finish_matrix();
  if (links_.empty()) {
    throw Error(
        ErrorCode::kBadData,
        origin_ + ": has no links; expected a Pajek file with *Edges, or lines of two names");
  }
  Graph graph{.names = n_vertices_ > 0 ? names_of_vertices() : names_.take(),
              .links = std::move(links_)};
  const bool is_list = n_vertices_ == 0;
  if (is_list && !has_column_names_) has_column_names_ = drop_words_above_numbers(graph);
  if (has_column_names_) {
    graph.warnings.push_back(base::one_line(origin_ + ":" + std::to_string(first_)) +
                             ": the line " + first_line_ + " is taken for names of columns");
  } else if (is_list && may_be_counts(graph)) {
    graph.warnings.push_back(base::one_line(origin_ + ":" + std::to_string(first_)) +
                             ": the line " + first_line_ + " is read as a link; if it has the " +
                             "numbers of nodes and links, put # before it");
  }
  return graph;
}

}  // namespace ebm::landscape
