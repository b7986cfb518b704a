#pragma once
// Runs the program as a person would, from a shell.

#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "catch.hpp"
#include "temporary_folder.hpp"

struct Ran {
  int code = -1;
  std::string out, err;
};

/// Runs a shell command line in `folder`, in which `agate` is the program; AGATE_DATA is not set.
inline Ran shell(const std::string& line, const std::string& folder = ".") {
  const TemporaryFolder files;
  const std::string script =
      "cd '" + folder + "'\nunset AGATE_DATA\nagate() { '" AGATE_PROGRAM "' \"$@\"; }\n" + line;
  const std::string path = files.file("script", script);
  const std::string command = "timeout -k 1 60 bash '" + path + "' > '" + files.path("out") +
                              "' 2> '" + files.path("err") + "' < /dev/null";
  const int status = std::system(command.c_str());
  Ran ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(files.path("out")),
          slurp(files.path("err"))};
  return ran;
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
