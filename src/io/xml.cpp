#include "io/xml.hpp"

#include <algorithm>
#include <charconv>

namespace AGATE_NAMESPACE::io {
namespace {

constexpr std::string_view space = " \t\r\n";
constexpr std::size_t most_attributes = 1000;

bool is_blank(std::string_view text) { return text.find_first_not_of(space) == text.npos; }

std::string utf8(std::uint32_t code) {
  if (code < 0x80) return {static_cast<char>(code)};
  std::string bytes;
  int shift = code < 0x800 ? 6 : code < 0x10000 ? 12 : 18;
  const std::uint32_t lead = code < 0x800 ? 0xC0 : code < 0x10000 ? 0xE0 : 0xF0;
  bytes += static_cast<char>(lead | (code >> shift));
  while ((shift -= 6) >= 0) bytes += static_cast<char>(0x80 | ((code >> shift) & 0x3F));
  return bytes;
}

}  // namespace

XmlReader::XmlReader(std::string_view text, const std::string& file) : rest_(text), file_(file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  require(rest_.find('\0') == rest_.npos, "a NUL byte; the file is not text in UTF-8");
  if (rest_.starts_with("<?xml") && rest_.size() > 5 && space.find(rest_[5]) != space.npos)
    take_declaration();
}

XmlReader::Event XmlReader::next() {
  for (;;) {
    event_line_ = line_;
    if (is_empty_) {
      is_empty_ = false;
      open_.pop_back();
      return Event::end;
    }
    if (rest_.empty()) {
      require(open_.empty(), "the file ends inside <", open_.empty() ? "" : open_.back(), ">");
      require(had_root_, "the file holds no element");
      return Event::done;
    }
    if (passed_over()) continue;
    if (rest_[0] != '<') return take_text();
    if (rest_.starts_with("<![CDATA[")) return take_cdata();
    return rest_.starts_with("</") ? take_end() : take_start();
  }
}

void XmlReader::skip() {
  for (std::size_t inside = 1; inside > 0;) {
    const Event event = next();
    if (event == Event::start) ++inside;
    if (event == Event::end) --inside;
  }
}

const std::string* XmlReader::attribute(std::string_view name) const {
  for (const auto& [known, value] : attributes_)
    if (known == name) return &value;
  return nullptr;
}

/// Comments, instructions, a document type, and blank text between elements.
bool XmlReader::passed_over() {
  if (rest_.starts_with("<!--")) {
    take(4);
    take_until("-->", "a comment");
  } else if (rest_.starts_with("<?")) {
    take(2);
    take_until("?>", "an instruction");
  } else if (rest_.starts_with("<!DOCTYPE")) {
    require(!had_root_, "a document type inside the document");
    const std::string_view type = take_until(">", "a document type");
    check(type.find('[') == type.npos, ErrorCode::unsupported, file_, ":", event_line_,
          ": a document type with declarations of its own");
  } else {
    const std::size_t end = std::min(rest_.find('<'), rest_.size());
    if (end == 0 || !is_blank(rest_.substr(0, end))) return false;
    take(end);
  }
  return true;
}

void XmlReader::take_declaration() {
  const std::string_view declaration = take_until("?>", "the declaration");
  const std::size_t at = declaration.find("encoding");
  if (at == declaration.npos) return;
  std::string encoding;
  for (const char c : declaration.substr(at + 8))
    if (encoding.size() < 40 && space.find(c) == space.npos) encoding += c >= 'a' ? c - 32 : c;
  const std::string_view known = encoding;
  check(known.starts_with("=\"UTF-8\"") || known.starts_with("='UTF-8'") ||
            known.starts_with("=\"US-ASCII\"") || known.starts_with("='US-ASCII'"),
        ErrorCode::unsupported, file_, ":", event_line_, ": the encoding is not UTF-8");
}

XmlReader::Event XmlReader::take_text() {
  const std::string_view raw = rest_.substr(0, rest_.find('<'));
  require(!open_.empty(), "text outside the elements");
  text_ = decoded(raw);
  take(raw.size());
  return Event::text;
}

XmlReader::Event XmlReader::take_cdata() {
  require(!open_.empty(), "text outside the elements");
  take(9);
  text_ = take_until("]]>", "a CDATA section");
  return Event::text;
}

XmlReader::Event XmlReader::take_start() {
  take(1);
  require(!open_.empty() || !had_root_, "a second element beside the first");
  had_root_ = true;
  name_ = take_name();
  attributes_.clear();
  for (;;) {
    const std::size_t before = rest_.size();
    take_space();
    require(!rest_.empty(), "the file ends inside <", name_);
    if (rest_[0] == '>' || rest_[0] == '/') break;
    require(rest_.size() < before, "<", name_, ": attributes without a space between them");
    take_attribute();
  }
  is_empty_ = rest_[0] == '/';
  if (is_empty_) take(1);
  require(rest_.starts_with('>'), "<", name_, " is not closed by >");
  take(1);
  open_.push_back(name_);
  return Event::start;
}

XmlReader::Event XmlReader::take_end() {
  take(2);
  name_ = take_name();
  take_space();
  require(rest_.starts_with('>'), "</", name_, " is not closed by >");
  require(!open_.empty() && open_.back() == name_, "</", name_, "> closes <",
          open_.empty() ? "" : open_.back(), ">");
  take(1);
  open_.pop_back();
  return Event::end;
}

void XmlReader::take_attribute() {
  std::string attribute = take_name();
  take_space();
  require(rest_.starts_with('='), "<", name_, ": attribute ", attribute, " has no value");
  take(1);
  take_space();
  require(rest_.starts_with('"') || rest_.starts_with('\''), "<", name_, ": the value of ",
          attribute, " is not quoted");
  const std::string quote(take(1));
  const std::string_view raw = take_until(quote, "the value of an attribute");
  require(raw.find('<') == raw.npos, "<", name_, ": the value of ", attribute, " holds a <");
  require(attributes_.size() < most_attributes, "<", name_, " has more than ", most_attributes,
          " attributes");
  require(!this->attribute(attribute), "<", name_, " has the attribute ", attribute, " twice");
  attributes_.emplace_back(std::move(attribute), decoded(raw));
}

std::string_view XmlReader::take(std::size_t count) {
  const std::string_view taken = rest_.substr(0, count);
  line_ += std::ranges::count(taken, '\n');
  rest_.remove_prefix(count);
  return taken;
}

/// The text before `end`, which is passed over too.
std::string_view XmlReader::take_until(std::string_view end, const char* what) {
  const std::size_t at = rest_.find(end);
  require(at != rest_.npos, what, " is not closed");
  const std::string_view taken = take(at);
  take(end.size());
  return taken;
}

std::string XmlReader::take_name() {
  const std::size_t end = std::min(rest_.find_first_of(" \t\r\n=/<>\"'&"), rest_.size());
  require(end > 0, "a name is expected");
  return std::string(take(end));
}

void XmlReader::take_space() { take(std::min(rest_.find_first_not_of(space), rest_.size())); }

std::string XmlReader::decoded(std::string_view raw) const {
  std::string text;
  for (;;) {
    const std::size_t at = raw.find('&');
    text += raw.substr(0, at);
    if (at == raw.npos) return text;
    const std::size_t end = raw.find(';', at);
    require(end != raw.npos, "an & that begins no entity; write &amp;");
    text += entity(raw.substr(at + 1, end - at - 1));
    raw.remove_prefix(end + 1);
  }
}

std::string XmlReader::entity(std::string_view name) const {
  constexpr std::pair<std::string_view, const char*> known[] = {
      {"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
  for (const auto& [entity, text] : known)
    if (name == entity) return text;
  check(name.starts_with('#'), ErrorCode::unsupported, file_, ":", line_, ": the entity &",
        name.substr(0, 40), "; is not one of lt, gt, amp, quot, apos");
  const bool hexadecimal = name.starts_with("#x");
  const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
  std::uint32_t code = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, code, hexadecimal ? 16 : 10);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  require(error == std::errc() && stop == end && code > 0 && code < 0x110000 && !surrogate, "&",
          name.substr(0, 40), "; is no character");
  return utf8(code);
}

}  // namespace AGATE_NAMESPACE::io
