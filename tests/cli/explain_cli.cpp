// Why a model says what it says of a node, an edge or a pair, from the command line to the file.
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "explain/svg_check.hpp"
#include "temporary_folder.hpp"

namespace {

// Two circles of friends, tied by one edge; ids hold markup and commas.
void write_tables(const TemporaryFolder& folder) {
  std::string people = "id,age,town,kind\n", friends = "source,target\n";
  const auto id = [](int i) { return "\"<i>p" + std::to_string(i) + "</i>, & co\""; };
  for (int i = 0; i < 24; ++i)
    people += id(i) + "," + std::to_string(20 + i) + "," + (i % 3 == 0 ? "Oslo" : "Rome") + "," +
              (i < 12 ? "red" : "blue") + "\n";
  for (int i = 0; i < 24; ++i)
    for (const int step : {1, 3}) {
      const int base = i < 12 ? 0 : 12;
      friends += id(i) + "," + id(base + (i - base + step) % 12) + "\n";
    }
  friends += id(0) + "," + id(12) + "\n";
  folder.file("people.csv", people);
  folder.file("friends.csv", friends);
}

}  // namespace

TEST_CASE("a node is explained in the names of its tables: table, picture, sheet, JSON") {
  const TemporaryFolder folder;
  write_tables(folder);
  const std::string tables = "--nodes people.csv --edges friends.csv ";
  REQUIRE(shell("agate train " + tables +
                    "--label kind --structural none --model gatv2 --epochs 40 --quiet --save "
                    "m.safetensors",
                folder.path("."))
              .code == 0);
  for (const char* method : {"auto", "mask", "gradient", "attention"}) {
    INFO(method);
    const Ran ran = shell("agate explain --quiet --model m.safetensors " + tables +
                              "--node '<i>p5</i>, & co' --top 5 --picture p.svg --report p.html "
                              "--json p.json --method " +
                              method,
                          folder.path("."));
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    CHECK(holds(ran.out, "known: red"));
    CHECK(holds(ran.out, "fidelity+ and fidelity-"));
    CHECK(holds(ran.out, "<i>p5</i>, & co - <i>p6</i>, & co"));
    const bool attention = method == std::string("attention");
    CHECK(holds(ran.out, "town=Oslo") == !attention);
    CHECK(holds(ran.out, "attention is") == attention);
    const std::string svg = slurp(folder.path("p.svg"));
    CHECK(xml_fault(svg).empty());
    CHECK(count(svg, "class=\"node explained\"") == 1);
    CHECK_FALSE(holds(svg, "<i>"));
    const std::string page = slurp(folder.path("p.html"));
    CHECK_FALSE(holds(page, "<i>"));
    CHECK(holds(page, "How far that may be believed"));
    CHECK(holds(page, "<code>agate explain --quiet --model m.safetensors"));
    const auto json = nlohmann::json::parse(slurp(folder.path("p.json")));
    CHECK(json["id"] == "<i>p5</i>, & co");
    CHECK(json["task"] == "node");
    CHECK(json["edges"].size() > 4);
    CHECK(json["fidelity"]["kept"] > 0);
    CHECK(json.contains("attention") == attention);
    CHECK(json["features"].empty() == attention);
  }
  const auto refused = [&](const std::string& options, int code, const std::string& part) {
    const Ran ran =
        shell("agate explain --quiet --model m.safetensors " + tables + options, folder.path("."));
    INFO(options << ran.err);
    CHECK(ran.code == code);
    CHECK(holds(ran.err, part));
  };
  refused("", 2, "name the node with --node ID");
  refused("--node '<i>p55</i>, & co'", 1, "nearest: \"<i>p5</i>, & co\"");
  refused("--edge a,b", 2, "is a model of nodes, name one with --node ID");
  refused("--node '<i>p5</i>, & co' --target green", 2, "known: red, blue");
  refused("--node '<i>p5</i>, & co' --method maks", 2, "mask");
  refused("--node '<i>p5</i>, & co' --picture /nowhere/p.svg", 1, "/nowhere/p.svg");
}

TEST_CASE("a link is explained by its two ends, also one that is not there") {
  const TemporaryFolder folder;
  const std::string model = folder.path("links.safetensors");
  REQUIRE(
      shell("agate train --data karate --task link --model gcn --epochs 20 --quiet --save " + model,
            ".")
          .code == 0);
  const std::string explain = "agate explain --quiet --data karate --model " + model;
  const std::string svg = folder.path("l.svg");
  for (const char* pair : {"1,2", "15,16"}) {
    const Ran ran = shell(explain + " --top 3 --edge " + pair + " --picture " + svg, ".");
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    CHECK(holds(ran.out, "link: probability"));
    CHECK(count(slurp(svg), "class=\"node explained\"") == 2);
  }
  const Ran stranger = shell(explain + " --edge 1,77", ".");
  CHECK(stranger.code == 1);
  CHECK(holds(stranger.err, "edge: \"77\" is not a node of karate; nearest: "));
  CHECK(shell(explain + " --edge 1", ".").code == 2);
  CHECK(holds(shell(explain + " --node 1", ".").err, "name one with --edge A,B"));
  CHECK(holds(shell(explain + " --edge 1,2 --method attention", ".").err,
              "pay no attention to messages; mask, occlusion and gradient work"));
}

TEST_CASE("an edge of a table is explained, one that is not there is refused") {
  const TemporaryFolder folder;
  std::string table = "from,to,rating,kind\n";
  for (int e = 0; e < 200; ++e) {
    const int source = e % 19, target = (e * 7 + e / 19) % 23;
    table += "s" + std::to_string(source) + ",t" + std::to_string(target) + "," +
             (target % 2 == 0 ? "5" : "-5") + (e % 3 == 0 ? ",work\n" : ",home\n");
  }
  folder.file("ratings.csv", table);
  REQUIRE(shell("agate train --edges ratings.csv --directed --task edge --label 'rating>0' --model "
                "transformer_conv --epochs 10 --batch-size 50 --quiet --save e.safetensors",
                folder.path("."))
              .code == 0);
  const std::string explain = "agate explain --quiet --model e.safetensors --edges ratings.csv ";
  const Ran ran =
      shell(explain + "--edge s0,t0 --top 400 --method gradient --json e.json", folder.path("."));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(holds(ran.out, "s0 -> t0: "));
  CHECK(holds(ran.out, "(backwards)"));
  CHECK(nlohmann::json::parse(slurp(folder.path("e.json")))["task"] == "edge");
  CHECK(holds(shell(explain + "--edge t0,s0", folder.path(".")).err, "has no edge from \"t0\""));
}

TEST_CASE("a graph is explained by its name") {
  const TemporaryFolder folder;
  std::string graphs = "id,kind\n", nodes = "id,graph\n", edges = "source,target\n";
  for (int g = 0; g < 40; ++g) {
    const std::string name = "g" + std::to_string(g);
    graphs += name + (g % 2 ? ",star\n" : ",path\n");
    for (int i = 0; i < 6; ++i) nodes += name + "_" + std::to_string(i) + "," + name + "\n";
    for (int i = 1; i < 6; ++i)
      edges += name + "_" + std::to_string(g % 2 ? 0 : i - 1) + "," + name + "_" +
               std::to_string(i) + "\n";
  }
  folder.file("graphs.csv", graphs);
  folder.file("nodes.csv", nodes);
  folder.file("edges.csv", edges);
  const std::string tables = "--graphs graphs.csv --nodes nodes.csv --edges edges.csv ";
  const Ran train = shell(
      "agate train " + tables + "--label kind --model gin --epochs 10 --quiet --save g.safetensors",
      folder.path("."));
  INFO(train.err);
  REQUIRE(train.code == 0);
  const std::string explain = "agate explain --quiet --model g.safetensors " + tables;
  const Ran ran = shell(explain + "--graph g7 --picture g.svg --report g.html", folder.path("."));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(holds(ran.out, "graph g7: "));
  CHECK(holds(ran.out, "known: star"));
  CHECK(holds(ran.out, "over 6 nodes and 5 edges"));
  CHECK(holds(ran.out, "g7_0 - g7_"));
  CHECK(count(slurp(folder.path("g.svg")), "class=\"node\"") == 6);
  CHECK(holds(slurp(folder.path("g.html")), "Why graph g7"));
  CHECK(holds(shell(explain, folder.path(".")).err, "name the graph with --graph ID"));
  CHECK(holds(shell(explain + "--graph g77", folder.path(".")).err, "\"g77\" is not a graph of "));
}
