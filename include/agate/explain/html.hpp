#pragma once
/// \file
/// Pages that need nothing else: HTML with pictures inside.

#include <agate/core/config.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::explain {

/// Any bytes as text of a page: markup is shown, not followed.
std::string html_text(std::string_view text);

/// A whole page of one column for screens, phones and print, with `body` (HTML) under its title. It
/// asks for nothing over the network and runs no script.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace AGATE_NAMESPACE::explain
