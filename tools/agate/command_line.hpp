#pragma once

#include <optional>

#include "settings.hpp"

namespace tool {

// Nothing when the line asked for help or the version, which has then been printed. Throws
// Error(usage) for a line that makes no sense.
std::optional<Command> parse_command_line(int argc, char** argv);

}  // namespace tool
