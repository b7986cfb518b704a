// Pages for people, from the command line.
#include "cli/program.hpp"
#include "temporary_folder.hpp"

namespace {

// It asks for nothing over the network, runs no script, and is closed.
void check_page(const std::string& page) {
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(page.ends_with("</html>\n"));
  for (const char* asks : {"<script", "src=", "href=", "@import", "url("})
    CHECK(page.find(asks) == std::string::npos);
}

}  // namespace

TEST_CASE("training leaves a page that tells what was done and how to do it again") {
  const TemporaryFolder folder;
  const std::string path = folder.path("r.html");
  const Ran ran = shell("agate train --data karate --runs 2 --epochs 40 --report " + path);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("report written to") != std::string::npos);
  const std::string page = slurp(path);
  check_page(page);
  for (const char* there :
       {"gat on karate", "Learning", "Confusion matrix", "ROC curve", "Reliability",
        "Map of the nodes", "The graph", "agate train --data karate --runs 2 "})
    CHECK(page.find(there) != std::string::npos);
}

TEST_CASE("names with markup in them stay text in a page") {
  const TemporaryFolder folder;
  std::string nodes = "id,label\n", edges = "a,b\n";
  for (int i = 0; i < 30; ++i) {
    const std::string name = "<img src=x onerror=alert(1)>" + std::to_string(i);
    nodes += name + (i % 2 == 0 ? ",<b>x</b>\n" : ",y&y\n");
    if (i > 1) edges += name + ",<img src=x onerror=alert(1)>" + std::to_string(i - 2) + "\n";
  }
  folder.file("n.csv", nodes);
  folder.file("e.csv", edges);
  const std::string path = folder.path("r.html");
  const Ran ran = shell(
      "agate train --nodes n.csv --edges e.csv --label label --epochs 5 --quiet "
      "--report " +
          path,
      folder.path(""));
  INFO(ran.err);
  CHECK(ran.code == 0);
  const std::string page = slurp(path);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("<b>x") == std::string::npos);
  CHECK(page.find("&lt;b&gt;x") != std::string::npos);
}

TEST_CASE("comparisons and evaluations leave pages too") {
  const TemporaryFolder folder;
  const std::string page = folder.path("r.html"), model = folder.path("m.safetensors");
  CHECK(shell("agate compare --data karate --models gcn,mlp --epochs 10 --quiet --report " + page)
            .code == 0);
  check_page(slurp(page));
  CHECK(slurp(page).find("Models on karate") != std::string::npos);
  CHECK(shell("agate train --data fdamdd --model gin --epochs 2 --batch-size 64 --quiet --save " +
              model + " --report " + folder.path("t.html"))
            .code <= 1);  // without RDKit there are no molecules
  CHECK(shell("agate train --data karate --epochs 10 --quiet --save " + model).code == 0);
  CHECK(shell("agate evaluate --data karate --quiet --model " + model + " --report " + page).code ==
        0);
  check_page(slurp(page));
  CHECK(shell("agate train --data karate --report /nowhere/r.html").code == 1);
}

TEST_CASE("pages of links, edges and numbers") {
  const TemporaryFolder folder;
  const std::string page = folder.path("r.html");
  CHECK(shell("agate train --data karate --task link --epochs 10 --quiet --report " + page).code ==
        0);
  check_page(slurp(page));
  CHECK(slurp(page).find("ROC curve") != std::string::npos);
  std::string nodes = "id,height\n", edges = "a,b\n";
  for (int i = 0; i < 40; ++i) {
    nodes += std::to_string(i) + "," + std::to_string(i * 0.5) + "\n";
    if (i > 0) edges += std::to_string(i) + "," + std::to_string(i - 1) + "\n";
  }
  folder.file("n.csv", nodes);
  folder.file("e.csv", edges);
  const Ran ran = shell(
      "agate train --nodes n.csv --edges e.csv --label height --regression --model "
      "gcn --epochs 5 --quiet --report " +
          page,
      folder.path(""));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(slurp(page).find("Largest errors") != std::string::npos);
}
