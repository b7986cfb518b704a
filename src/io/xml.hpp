#pragma once
// XML, as much of it as a data file needs: elements, attributes, text, the five entities. Nothing
// outside the text is ever looked up.

#include <agate/core/config.hpp>
#include <agate/core/error.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE::io {

/// Walks through a document from front to back. Error(format) `FILE:LINE: ...` for what is not
/// well-formed, Error(unsupported) for an encoding other than UTF-8 and for entities beyond the
/// five. Nesting costs no stack.
class XmlReader {
 public:
  enum class Event { start, end, text, done };

  XmlReader(std::string_view text, const std::string& file);

  /// An empty element <a/> is a start and an end. Text may come in several pieces.
  Event next();
  /// After a start: passes over everything up to and with its end.
  void skip();

  const std::string& name() const { return name_; }  ///< of the element that starts or ends
  const std::string& text() const { return text_; }
  const std::string* attribute(std::string_view name) const;  ///< nullptr when there is none
  Index line() const { return event_line_; }                  ///< where the event begins

 private:
  Event take_text();
  Event take_cdata();
  Event take_start();
  Event take_end();
  void take_attribute();
  bool passed_over();
  void take_declaration();

  std::string_view take(std::size_t count);
  std::string_view take_until(std::string_view end, const char* what);
  std::string take_name();
  void take_space();
  std::string decoded(std::string_view raw) const;
  std::string entity(std::string_view name) const;

  template <class... Parts>
  void require(bool condition, const Parts&... parts) const {
    check(condition, ErrorCode::format, file_, ":", line_, ": ", parts...);
  }

  std::string_view rest_;
  const std::string& file_;
  Index line_ = 1, event_line_ = 1;
  std::vector<std::string> open_;
  bool is_empty_ = false;  // the element that started has no content
  bool had_root_ = false;
  std::string name_, text_;
  std::vector<std::pair<std::string, std::string>> attributes_;
};

}  // namespace AGATE_NAMESPACE::io
