#include <agate/core/error.hpp>
#include <cstdio>
#include <exception>
#include <new>

#include "command_line.hpp"
#include "progress.hpp"
#include "sequences.hpp"
#include "verbs.hpp"

namespace {

int run(int argc, char** argv) {
  const auto command = tool::parse_command_line(argc, argv);
  if (!command) return 0;
  if (tool::is_about_sequences(*command)) return tool::run_sequences(*command);
  if (command->verb == "compare") return tool::compare(tool::resolve_models(*command));
  const tool::Settings settings = tool::resolve(*command);
  if (command->verb == "train") return tool::train(settings);
  if (command->verb == "predict") return tool::predict(settings);
  if (command->verb == "evaluate") return tool::evaluate(settings);
  if (command->verb == "explain") return tool::explain(settings);
  if (command->verb == "bench") return tool::bench(settings);
  return tool::info(settings);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    tool::hold_signals();
    const int code = run(argc, argv);
    if (std::fflush(stdout) != 0) {
      std::perror("agate: standard output");
      return 1;
    }
    return code;
  } catch (const agate::Error& error) {
    std::fprintf(stderr, "agate: %s\n", error.what());
    switch (error.code()) {
      case agate::ErrorCode::usage:
        return 2;
      case agate::ErrorCode::interrupted:
        return 130;
      default:
        return 1;
    }
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "agate: out of memory\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "agate: %s\n", error.what());
  }
  return 1;
}
