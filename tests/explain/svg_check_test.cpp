#include "explain/svg_check.hpp"

#include "catch.hpp"

TEST_CASE("the checker of these tests sees faults", "[explain]") {
  CHECK(xml_fault("<a><b c=\"1\"/>x &lt; y</a>\n").empty());
  for (const char* bad : {"", "<a>", "<a></b>", "<a>&</a>", "<a/><b/>", "<a x=\"1\" x=\"2\"/>",
                          "<a x=1/>", "<a>\x01</a>", "<a <b>/>", "x<a/>"})
    CHECK_FALSE(xml_fault(bad).empty());
}
