#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "landscape/graph_file.h"
#include "landscape/node_names.h"

namespace ebm::landscape {

/// Makes a graph of the lines of a text, as parse_graph() describes.
class GraphParser {
 public:
  explicit GraphParser(std::string origin) : origin_(std::move(origin)) {}

  /// A line without its end. @throws Error(kBadData)
  void take_line(std::string_view line);

  /// What has been read is this share of the whole, if it is known: makes room for the links that
  /// will come, so that they need not be moved often.
  void expect_rest(double fraction);

  /// After the last line. @throws Error(kBadData)
  Graph finish();

 private:
  enum class Section { kList, kPassedOver, kVertices, kEdges, kEdgesList, kArcs, kMatrix };
  using Fields = std::vector<std::string_view>;
  struct GivenName {
    std::int64_t vertex = 0, line = 0;
    std::string name;
  };

  [[noreturn]] void fail(const std::string& what) const;

  void split(std::string_view line);
  void refuse_other_formats(std::string_view line) const;
  void open_section();
  void take_count();
  void take_vertex();
  void take_link(std::string_view line);
  void take_neighbours();
  void take_row();
  void add_link(const Link& link);
  void finish_matrix();
  std::vector<std::string> names_of_vertices();

  std::int64_t node(std::string_view word);
  std::int64_t vertex(std::string_view word) const;
  double number(std::string_view word) const;
  double weight(std::string_view word) const;
  double weight_attribute(std::string_view attributes) const;

  std::string origin_;
  std::int64_t line_ = 0, n_bytes_ = 0;
  Section section_ = Section::kList;
  bool has_network_ = false;
  Fields fields_;                   // of the line
  std::int64_t n_vertices_ = 0;     // 0 until *Vertices
  std::int64_t vertices_line_ = 0;  // where it was
  std::vector<GivenName> given_names_;
  std::vector<double> matrix_;  // its rows so far
  NodeNames names_;             // of an edge list
  std::string first_line_;      // of an edge list, as messages show it
  std::int64_t first_ = 0;      // its number
  bool has_column_names_ = false;
  std::vector<Link> links_;
};

}  // namespace ebm::landscape
