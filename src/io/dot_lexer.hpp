#pragma once
// The words of the DOT language.

#include <agate/core/config.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::io {

struct DotToken {
  enum class Kind {
    id,       ///< a name, a number, a quoted or an HTML string; `text` is what it stands for
    keyword,  ///< strict, graph, digraph, node, edge, subgraph; in lower case
    mark,     ///< { } [ ] = ; , : -> --
    end,
  };
  Kind kind = Kind::end;
  std::string text{};
  Index line = 1;

  bool is(std::string_view mark) const { return kind == Kind::mark && text == mark; }
  bool is_keyword(std::string_view word) const { return kind == Kind::keyword && text == word; }
};

/// Error(format) `FILE:LINE: ...` for a byte that begins no word, a string or a comment that is
/// not closed.
class DotLexer {
 public:
  DotLexer(std::string_view text, const std::string& file);
  DotToken next();

 private:
  void skip_space();
  std::string take_quoted();
  std::string take_html();
  std::string take_number();
  std::string take_word();
  void move(std::size_t count);
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  template <class... Parts>
  void require(bool condition, Index line, const Parts&... parts) const;

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  Index line_ = 1;
};

}  // namespace AGATE_NAMESPACE::io
