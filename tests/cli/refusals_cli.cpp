#include <sstream>

#include "cli/program.hpp"

// refusals.txt holds command lines that must be refused, each with what is printed and the exit
// code, word by word. They run in tests/cli/files.
TEST_CASE("unhappy command lines get one clear sentence and the right exit code") {
  std::istringstream approved(slurp(AGATE_SOURCE_DIR "/tests/cli/refusals.txt"));
  std::string line, command, expected;
  int cases = 0;
  while (std::getline(approved, line)) {
    if (line.starts_with("$ ")) {
      command = line.substr(2);
      expected.clear();
    } else if (line.starts_with("exit ")) {
      INFO(command);
      const Ran ran = shell(command, AGATE_SOURCE_DIR "/tests/cli/files");
      CHECK(ran.err == expected);
      CHECK("exit " + std::to_string(ran.code) == line);
      ++cases;
    } else if (!line.empty()) {
      expected += line + "\n";
    }
  }
  CHECK(cases > 40);
}
