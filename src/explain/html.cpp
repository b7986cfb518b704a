#include <agate/explain/html.hpp>

#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

// Cards stand side by side where there is room.
constexpr const char* style = R"(
body { font: 16px/1.45 system-ui, sans-serif; color: #222; background: #fff; margin: 0 auto;
       max-width: 75rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 0.5rem; }
p { margin: 0.4rem 0; }
code { font-size: 0.85em; }
table { border-collapse: collapse; margin: 0.5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.8rem 0.15rem 0; text-align: left; border-bottom: 1px solid #ddd; }
svg { max-width: 100%; height: auto; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; }
.card { border: 1px solid #ccc; border-radius: 6px; padding: 0.8rem; break-inside: avoid; }
.wide { overflow-x: auto; }
.wide td, .wide th { overflow-wrap: normal; white-space: nowrap; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 0.4rem; }
.picture { display: inline-block; max-width: 100%; vertical-align: top; break-inside: avoid; }
pre { white-space: pre-wrap; font-size: 0.8em; }
.note { color: #555; font-size: 0.9em; }
@media print { body { padding: 0; max-width: none; } }
)";

}  // namespace

std::string html_text(std::string_view text) { return xml_text(text); }

std::string html_page(std::string_view title, std::string_view body) {
  const std::string name = xml_text(title);
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<title>" + name + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n";
  page += "<h1>" + name + "</h1>\n";
  page += body;
  return page + "</body>\n</html>\n";
}

}  // namespace AGATE_NAMESPACE::explain
