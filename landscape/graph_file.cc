#include "landscape/graph_file.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/error.h"
#include "base/read_pieces.h"
#include "landscape/graph_parser.h"

namespace ebm::landscape {
namespace {

/// Gives the lines of a text that comes in pieces to a parser. A line ends with LF, CRLF or CR.
class LineFeeder {
 public:
  explicit LineFeeder(GraphParser& parser) : parser_(parser) {}

  void feed(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = piece.find_first_of("\r\n");
      if (end == std::string_view::npos) {
        begun_ += piece;
        // A device may give bytes without end.
        const bool is_binary = piece.find('\0') != std::string_view::npos;
        if (is_binary || begun_.size() > kMaxLine) take_line({});
        return;
      }
      const bool second_of_crlf = after_cr_ && end == 0 && begun_.empty() && piece[0] == '\n';
      after_cr_ = piece[end] == '\r';
      if (!second_of_crlf) take_line(piece.substr(0, end));
      piece.remove_prefix(end + 1);
    }
  }

  void finish() {
    if (!begun_.empty()) take_line({});
  }

 private:
  static constexpr std::size_t kMaxLine = std::size_t{1} << 30;

  void take_line(std::string_view rest) {
    if (begun_.empty()) {
      parser_.take_line(rest);
      return;
    }
    begun_ += rest;
    parser_.take_line(begun_);
    begun_.clear();
  }

  GraphParser& parser_;
  std::string begun_;      // a line whose end is in a later piece
  bool after_cr_ = false;  // the last line ended with CR, to which LF may belong
};

}  // namespace

std::int64_t put_linked_first(Graph& graph) {
  std::vector<bool> is_linked(graph.names.size(), false);
  for (const Link& link : graph.links) is_linked[at(link.from)] = is_linked[at(link.to)] = true;
  const std::int64_t n_linked = std::ranges::count(is_linked, true);
  if (n_linked == std::ssize(graph.names)) return n_linked;
  std::int64_t next_linked = 0, next_unlinked = n_linked;
  std::vector<std::int64_t> place(graph.names.size());
  std::vector<std::string> names(graph.names.size());
  for (std::size_t i = 0; i < place.size(); ++i) {
    place[i] = is_linked[i] ? next_linked++ : next_unlinked++;
    names[at(place[i])] = std::move(graph.names[i]);
  }
  graph.names = std::move(names);
  for (Link& link : graph.links) {
    link.from = place[at(link.from)];
    link.to = place[at(link.to)];
  }
  return n_linked;
}

Graph parse_graph(std::string_view text, const std::string& origin) {
  GraphParser parser(origin);
  LineFeeder lines(parser);
  lines.feed(text);
  lines.finish();
  return parser.finish();
}

Graph read_graph(const std::filesystem::path& path, const OnRead& on_read) {
  GraphParser parser(path.string());
  LineFeeder lines(parser);
  try {
    base::read_pieces(path, [&](std::string_view piece, double fraction) {
      lines.feed(piece);
      parser.expect_rest(fraction);
      if (on_read) on_read(fraction);
    });
    lines.finish();
    return parser.finish();
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kInternal, path.string() + ": out of memory while it was read");
  }
}

}  // namespace ebm::landscape
