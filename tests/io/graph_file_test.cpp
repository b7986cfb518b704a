#include <agate/io/graph_file.hpp>
#include <string>

#include "catch.hpp"
#include "io/samples.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::io;
using namespace io_test;

namespace {

using Cells = std::vector<std::string>;
using Rows = std::vector<Cells>;
using GraphParser = GraphFile (*)(std::string_view, const std::string&);

struct Tester {
  GraphParser parse;
  Refusal operator()(const std::string& text) const {
    return refusal([&] { parse(text, "x"); });
  }
  void says(const std::string& text, const std::string& part,
            ErrorCode code = ErrorCode::format) const {
    const Refusal refused = (*this)(text);
    INFO(text.substr(0, 300) << " -> " << refused.sentence);
    CHECK(refused.says(part));
    CHECK(refused.code == code);
  }
};

std::string graphml(const std::string& graph, const std::string& keys = "") {
  return "<graphml>" + keys + "<graph edgedefault=\"directed\">" + graph + "</graph></graphml>";
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("the same small graph in three formats") {
  const GraphFile ml = parse_graphml(small_graphml(), "x"), dot = parse_dot(small_dot(), "x"),
                  json = parse_node_link(small_node_link(), "x");
  for (const GraphFile* file : {&ml, &dot, &json}) {
    CHECK_FALSE(file->directed);
    CHECK(file->nodes.path == "x");
    CHECK(file->nodes.columns == Cells{"id", "age", "club"});
    CHECK(file->nodes.rows == Rows{{"ann b", "31", "a & b"}, {"2", "", "c"}, {"cat", "0", ""}});
    CHECK(file->edges.columns == Cells{"source", "target", "weight"});
    CHECK(file->edges.rows == Rows{{"ann b", "2", "0.5"}, {"cat", "ann b", ""}});
  }
  CHECK(ml.nodes.place(1) == "x:6");
  CHECK(dot.nodes.place(2) == "x:4");
  CHECK(dot.edges.place(1) == "x:6");
  CHECK(json.nodes.place(1) == "x: nodes[1]");
  CHECK(json.edges.row_name(0) == "links[0]");
}

TEST_CASE("GraphML: defaults, keys for edges, what editors add") {
  const std::string keys =
      "<key id='a' for='node' attr.name='age'><desc>years</desc><default> 7 </default></key>"
      "<key id='b' for='all' attr.name='id'/><key id='s' for='node' yfiles.type='shape'/>"
      "<key id='w' for='edge' attr.name='age'><default>1</default></key>";
  const GraphFile file = parse_graphml(
      graphml(
          "<desc>d<b>e</b></desc><node id='1'><data key='a'>&#52;<![CDATA[<2>]]>&#x20AC;</data>"
          "<data key='s'><y:Shape><y:Fill color='red'>x</y:Fill></y:Shape></data>"
          "<port name='p'/></node><!-- no -- more --><node id='&quot;2&apos;'>"
          "<data key='b'>other</data></node><edge source='1' target='\"2&apos;' directed='true'/>",
          keys),
      "x");
  CHECK(file.directed);
  CHECK(file.nodes.columns == Cells{"id", "age", "s", "id (attribute)"});
  CHECK(file.nodes.rows == Rows{{"1", "4<2>\xE2\x82\xAC", "", ""}, {"\"2'", "7", "", "other"}});
  CHECK(file.edges.columns == Cells{"source", "target", "age"});
  CHECK(file.edges.rows == Rows{{"1", "\"2'", "1"}});
  CHECK(parse_graphml("\xEF\xBB\xBF<?xml version='1.0' encoding=\"utf-8\" ?>\n<!DOCTYPE graphml>\n"
                      "<graphml><graph edgedefault='undirected'/></graphml>\n<!-- end -->",
                      "x")
            .nodes.rows.empty());
}

TEST_CASE("what is no GraphML is refused with its line") {
  const Tester refused{parse_graphml};
  refused.says("", "x:1: the file holds no element");
  refused.says("id,club\n", "x:1: text outside the elements");
  refused.says("<gml/>", "x:1: the file begins with <gml>, expected <graphml>");
  refused.says("<graphml/>", "x: holds no <graph>");
  refused.says("<graphml><graph/></graphml>", "<graph> has no edgedefault");
  refused.says("<graphml><graph edgedefault='both'/></graphml>", "edgedefault is \"both\"");
  refused.says(graphml("") + "\n<a/>", "x:2: a second element beside the first");
  refused.says(graphml("") + "more", "text outside the elements");
  refused.says(graphml("<node/>"), "<node> has no id");
  refused.says(graphml("\n<node id='1'>\n<data key='k'/></node>"),
               "x:3: no <key> has the id \"k\"");
  refused.says(graphml("<edge source='1'/>"), "<edge> has no target");
  refused.says(graphml("text"), "text between the nodes");
  refused.says(graphml("<node id='1'>text</node>"), "text beside the <data>");
  const std::string key = "<key id='k' for='node' attr.name='n'/>";
  refused.says(graphml("<node id='1'><data key='k'/><data key='k'/></node>", key),
               "two values of the key \"k\"");
  refused.says(graphml("<edge source='1' target='1'><data key='k'/></edge>", key),
               "the key \"k\" is not for this");
  refused.says(graphml("", key + key), "two keys are named \"n\"");
  refused.says(graphml("", key + "<key id='k' for='edge' attr.name='n'/>"),
               "two keys have the id \"k\"");
}

TEST_CASE("what GraphML has and a graph here has not is refused") {
  const Tester refused{parse_graphml};
  const auto says = [&](const std::string& text, const std::string& part) {
    refused.says(text, part, ErrorCode::unsupported);
  };
  says(graphml("<hyperedge/>"), "a hyperedge cannot be read");
  says(graphml("<node id='1'><graph edgedefault='directed'/></node>"), "a graph inside a node");
  says("<graphml><graph edgedefault='directed'/><graph edgedefault='directed'/></graphml>",
       "a second graph in one file");
  says(graphml("<edge source='1' target='2' directed='false'/>"),
       "not directed as the edgedefault");
  says("<!DOCTYPE a [<!ENTITY b 'c'>]><graphml/>", "declarations of its own");
  says("<?xml version='1.0' encoding='latin1'?><graphml/>", "the encoding is not UTF-8");
  says(graphml("<node id='&nbsp;'/>"), "the entity &nbsp; is not one of");
}

TEST_CASE("what is no XML is refused") {
  const Tester refused{parse_graphml};
  const auto says = [&](const std::string& inside, const std::string& part) {
    refused.says("<graphml>\n" + inside, "x:2: " + part);
  };
  says("", "the file ends inside <graphml>");
  says("</graph>", "</graph> closes <graphml>");
  says("<a b=1/>", "<a: the value of b is not quoted");
  says("<a b/>", "<a: attribute b has no value");
  says("<a b='1' b='2'/>", "<a has the attribute b twice");
  says("<a b='1'c='2'/>", "<a: attributes without a space");
  says("<a b='<'/>", "<a: the value of b holds a <");
  says("<a b='1", "the value of an attribute is not closed");
  says("<a", "the file ends inside <a");
  says("<a/ >", "<a is not closed by >");
  says("</graphml x>", "</graphml is not closed by >");
  says("< a/>", "a name is expected");
  says("<!-- ", "a comment is not closed");
  says("<?php ", "an instruction is not closed");
  says("<key id='&amp'/>", "an & that begins no entity");
  says("<key id='&#0;'/>", "&#0; is no character");
  says("<key id='&#xD800;'/>", "&#xD800; is no character");
  says("<key id='&#9999999999;'/>", "&#9999999999; is no character");
  says("<!DOCTYPE a>", "a document type inside");
  refused.says(std::string("<graphml>\0</graphml>", 20), "a NUL byte");
  std::string many = "<graphml>\n<key";
  for (int i = 0; i < 2000; ++i) many += " a" + std::to_string(i) + "=''";
  refused.says(many + "/>", "<key has more than 1000 attributes");
}

TEST_CASE("DOT: names, defaults, subgraphs, chains") {
  const GraphFile file = parse_dot(
      "# made by hand\nSTRICT Digraph \"my net\" {\n"
      "  node [color=red; shape=\"a\\\"b\\n\" + /* joined */ \"c\\\nd\"]; edge [w=1]\n"
      "  rankdir = LR; graph [a=b]\n"
      "  1 -> -.5:port:n -> {b <i<j>> 1} [w=2, v=x]\n"
      "  subgraph s { node [color=blue]; c; {d} } -> \xC3\xA9_1; e [color=green][size=3]\n"
      "  1 -> -.5 // again\n}",
      "x");
  CHECK(file.directed);
  CHECK(file.nodes.columns == Cells{"id", "color", "shape", "size"});
  const std::string shape = "a\"b\\ncd";
  CHECK(file.nodes.rows == Rows{{"1", "red", shape, ""},
                                {"-.5", "red", shape, ""},
                                {"b", "red", shape, ""},
                                {"<i<j>>", "red", shape, ""},
                                {"c", "blue", shape, ""},
                                {"d", "blue", shape, ""},
                                {"\xC3\xA9_1", "red", shape, ""},
                                {"e", "green", shape, "3"}});
  CHECK(file.edges.columns == Cells{"source", "target", "w", "v"});
  CHECK(file.edges.rows == Rows{{"1", "-.5", "2", "x"},
                                {"-.5", "b", "2", "x"},
                                {"-.5", "<i<j>>", "2", "x"},
                                {"-.5", "1", "2", "x"},
                                {"c", "\xC3\xA9_1", "1", ""},
                                {"d", "\xC3\xA9_1", "1", ""}});
  const GraphFile loose = parse_dot("graph{a--b;b--a;a--a;\"a\"--a}", "x");
  CHECK_FALSE(loose.directed);
  CHECK(loose.edges.rows.size() == 4);
  CHECK(parse_dot("strict graph{a--b;b--a;a--a;\"a\"--a}", "x").edges.rows.size() == 2);
  CHECK(parse_dot("graph{}", "x").nodes.rows.empty());
}

TEST_CASE("what is no DOT is refused with its line") {
  const Tester refused{parse_dot};
  refused.says("", "x:1: expected graph or digraph, the file ends");
  refused.says("net {}", "x:1: expected graph or digraph, found \"net\"");
  refused.says("graph {\n a -- b", "x:2: expected a statement, the file ends");
  refused.says("graph {a -> b}", "x:1: a graph links by --, found \"->\"");
  refused.says("digraph {a -- b}", "a digraph links by ->");
  refused.says("digraph {a ->}", "found \"}\"");
  refused.says("graph {a [b]}", "expected = after the attribute b");
  refused.says("graph {a [b=]}", "expected a value, found \"]\"");
  refused.says("graph {a [b=c}", "expected an attribute, found \"}\"");
  refused.says("graph {a = }", "expected a value");
  refused.says("graph {node a}", "expected [");
  refused.says("graph {a:}", "expected a port");
  refused.says("graph {digraph}", "expected a statement, found \"digraph\"");
  refused.says("graph {} graph {}", "a file holds one graph");
  refused.says("graph {\n1a}", "x:2: \"1a\" is neither a number nor a name");
  refused.says("graph {1.2.3}", "is neither a number");
  refused.says("graph {-}", "\"-\" is neither a number");
  refused.says("graph {a!}", "\"!\" begins no word");
  refused.says("graph {\n\"a\n}", "x:2: a quote is opened and never closed");
  refused.says("graph {<a}", "an HTML string is opened and never closed");
  refused.says("graph {\"a\" + b}", "a + that joins no quoted text");
  refused.says("graph {/* }", "a comment is not closed");
  refused.says(std::string("graph {\0}", 9), "a NUL byte");
  refused.says("graph {subgraph s {a} subgraph s {b} -- c}",
               "the subgraph \"s\", which is written in two pieces", ErrorCode::unsupported);
}

TEST_CASE("node-link JSON: ids and values of any kind") {
  const GraphFile file = parse_node_link(
      R"({"directed": true, "graph": {}, "nodes": [
          {"id": 1, "b": true, "list": [1, {"a": 2}], "source": 1.5}, {"id": "x", "b": null}],
          "edges": [{"source": 1, "target": "x", "key": 0}]})",
      "x");
  CHECK(file.directed);
  CHECK(file.nodes.columns == Cells{"id", "b", "list", "source"});
  CHECK(file.nodes.rows == Rows{{"1", "true", "[1,{\"a\":2}]", "1.5"}, {"x", "", "", ""}});
  CHECK(file.edges.rows == Rows{{"1", "x", "0"}});
  CHECK(file.edges.list == "edges");
}

TEST_CASE("what is no node-link JSON is refused") {
  const Tester refused{parse_node_link};
  refused.says("", "x: ");
  refused.says("{", "line 1");
  refused.says("[]", "expected an object with \"nodes\"");
  refused.says(R"({"links": []})", "expected an object with \"nodes\"");
  refused.says(R"({"nodes": []})", "neither \"links\" nor \"edges\"");
  refused.says(R"({"nodes": [], "links": [], "edges": []})", "both \"links\" and \"edges\"");
  refused.says(R"({"nodes": {}, "links": []})", "\"nodes\" is not a list");
  refused.says(R"({"nodes": [{"id": 1}, 2], "links": []})", "x: nodes[1] is not an object");
  refused.says(R"({"nodes": [{}], "links": []})", "x: nodes[0] has no id");
  refused.says(R"({"nodes": [{"id": [1]}], "links": []})",
               "nodes[0]: its id is neither a text nor a number");
  refused.says(R"({"nodes": [], "links": [{"source": 1}]})", "x: links[0] has no target");
  refused.says(R"({"directed": 1, "nodes": [], "links": []})", "neither true nor false");
  refused.says(R"({"nodes": [], "nodes": [], "links": []})", "has the key \"nodes\" twice");
  refused.says(R"({"nodes": [{"id": 1, "x": NaN}], "links": []})", "x: ");
}

TEST_CASE("deep nesting and short texts that stand for long ones are refused") {
  CHECK_NOTHROW(parse_graphml(graphml(repeated("<a>", 100'000) + repeated("</a>", 100'000)), "x"));
  Tester{parse_graphml}.says(graphml(repeated("<a>", 100'000)), "</graph> closes <a>");
  Tester{parse_dot}.says("graph {" + repeated("{", 100'000), "more than 100 braces");
  Tester{parse_node_link}.says(repeated("[", 100'000), "more than 100 lists and objects");
  const std::string nodes = repeated("a,b,c,", 100), text(100'000, 'x');
  std::string many, separate;
  for (int i = 0; i < 3000; ++i) {
    many += "n" + std::to_string(i) + ";";
    separate += "n" + std::to_string(i) + "[a" + std::to_string(i) + "=1];";
  }
  const auto limit = ErrorCode::limit;
  Tester{parse_dot}.says("graph {{" + many + "}--{" + many + "}}", "make 9000000 edges", limit);
  Tester{parse_dot}.says("graph {" + separate + "}", "far larger than the file", limit);
  Tester{parse_dot}.says("graph {node[a=" + text + "];" + many + "}", "far larger", limit);
  std::string elements;
  for (int i = 0; i < 3000; ++i) elements += "<node id='" + std::to_string(i) + "'/>";
  Tester{parse_graphml}.says(
      graphml(elements, "<key id='k' for='node'><default>" + text + "</default></key>"),
      "far larger", limit);
}

TEST_CASE("a graph file is known by its name") {
  TemporaryFolder folder;
  for (const std::string name : {"a.graphml", "a.dot", "a.gv", "a.json", "a.b/c.json.gz"})
    CHECK(is_graph_file(name));
  for (const std::string name : {"a.csv", "a.npz", "json", "a.graphml.zip", ""})
    CHECK_FALSE(is_graph_file(name));
  CHECK(read_graph_file(folder.file("a.graphml", small_graphml())).nodes.rows.size() == 3);
  CHECK(read_graph_file(folder.file("a.gv", small_dot())).nodes.rows.size() == 3);
  CHECK(read_graph_file(folder.file("a.json", small_node_link())).nodes.rows.size() == 3);
  CHECK(refusal([&] { read_graph_file(folder.path("b.dot")); }).code == ErrorCode::not_found);
  CHECK(refusal([&] { read_graph_file("a.csv"); }).code == ErrorCode::unsupported);
  const Refusal wrong = refusal([&] { read_graph_file(folder.file("c.dot", "{}")); });
  CHECK(wrong.says("c.dot:1: expected graph or digraph"));
}
