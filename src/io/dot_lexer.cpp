#include "io/dot_lexer.hpp"

#include <agate/core/error.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::io {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_keyword(const std::string& word) {
  constexpr std::string_view keywords[] = {"strict", "graph", "digraph",
                                           "node",   "edge",  "subgraph"};
  return std::ranges::find(keywords, word) != std::end(keywords);
}

}  // namespace

DotLexer::DotLexer(std::string_view text, const std::string& file) : text_(text), file_(file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  require(text_.find('\0') == text_.npos, 1, "a NUL byte; the file is not text in UTF-8");
}

DotToken DotLexer::next() {
  using Kind = DotToken::Kind;
  skip_space();
  const Index line = line_;
  const char c = peek();
  if (at_ == text_.size()) return {Kind::end, "", line};
  if (c == '"') return {Kind::id, take_quoted(), line};
  if (c == '<') return {Kind::id, take_html(), line};
  if (c == '-' && (peek(1) == '-' || peek(1) == '>')) {
    const char* mark = peek(1) == '>' ? "->" : "--";
    move(2);
    return {Kind::mark, mark, line};
  }
  if (is_digit(c) || c == '.' || c == '-') return {Kind::id, take_number(), line};
  if (is_letter(c)) {
    std::string word = take_word();
    const std::string keyword = lower(word);
    if (is_keyword(keyword)) return {Kind::keyword, keyword, line};
    return {Kind::id, std::move(word), line};
  }
  require(std::string_view("{}[]=;,:").find(c) != std::string_view::npos, line, "\"", c,
          "\" begins no word of DOT");
  move(1);
  return {Kind::mark, std::string(1, c), line};
}

void DotLexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = peek();
    const bool line_begins = at_ == 0 || text_[at_ - 1] == '\n';
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      move(1);
    } else if ((c == '#' && line_begins) || (c == '/' && peek(1) == '/')) {
      move(std::min(text_.find('\n', at_), text_.size()) - at_);
    } else if (c == '/' && peek(1) == '*') {
      const std::size_t end = text_.find("*/", at_ + 2);
      require(end != text_.npos, line_, "a comment is not closed");
      move(end + 2 - at_);
    } else {
      return;
    }
  }
}

/// A quoted string, and those that a + joins to it. Only \" is an escape here.
std::string DotLexer::take_quoted() {
  std::string text;
  const Index line = line_;
  for (;;) {
    for (move(1); peek() != '"';) {
      require(at_ < text_.size(), line, "a quote is opened and never closed");
      const std::size_t escaped = peek() != '\\' ? 0 : peek(1) == '\r' && peek(2) == '\n' ? 3 : 2;
      if (escaped == 0) {
        text += peek();
      } else if (peek(1) == '"') {
        text += '"';
      } else if (peek(1) != '\n' && escaped == 2) {
        text += text_.substr(at_, 2);
      }
      move(escaped == 0 ? 1 : escaped);
    }
    move(1);
    const std::size_t end = at_;
    const Index end_line = line_;
    skip_space();
    if (peek() != '+') {
      at_ = end;
      line_ = end_line;
      return text;
    }
    move(1);
    skip_space();
    require(peek() == '"', line_, "a + that joins no quoted text");
  }
}

std::string DotLexer::take_html() {
  const std::size_t begin = at_;
  const Index line = line_;
  Index open = 0;
  do {
    require(at_ < text_.size(), line, "an HTML string is opened and never closed");
    open += peek() == '<';
    open -= peek() == '>';
    move(1);
  } while (open > 0);
  return std::string(text_.substr(begin, at_ - begin));
}

std::string DotLexer::take_number() {
  const std::size_t begin = at_;
  if (peek() == '-') move(1);
  Index digits = 0, points = 0;
  for (; is_digit(peek()) || peek() == '.'; move(1)) ++(peek() == '.' ? points : digits);
  const std::string number(text_.substr(begin, at_ - begin));
  require(digits > 0 && points <= 1 && !is_letter(peek()), line_, "\"", number,
          is_letter(peek()) ? std::string(1, peek()) : "",
          "\" is neither a number nor a name; put it in quotes");
  return number;
}

std::string DotLexer::take_word() {
  const std::size_t begin = at_;
  while (is_letter(peek()) || is_digit(peek())) move(1);
  return std::string(text_.substr(begin, at_ - begin));
}

void DotLexer::move(std::size_t count) {
  const std::string_view passed = text_.substr(std::min(at_, text_.size()), count);
  line_ += std::ranges::count(passed, '\n');
  at_ += passed.size();
}

template <class... Parts>
void DotLexer::require(bool condition, Index line, const Parts&... parts) const {
  check(condition, ErrorCode::format, file_, ":", line, ": ", parts...);
}

}  // namespace AGATE_NAMESPACE::io
