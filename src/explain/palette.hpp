#pragma once
// Colours of classes, and of numbers.

#include <agate/core/config.hpp>
#include <string>

namespace AGATE_NAMESPACE::explain {

// `#rrggbb`: Okabe & Ito's eight colours ("Color universal design", 2008), then lighter and darker
// variants of them; grey for a class of -1.
std::string class_colour(int of_class);

// Black or white, whichever can be read on the colour of the class.
std::string text_colour_on(int of_class);

// Viridis (van der Walt & Smith 2015) for a share of the scale from 0 to 1, and black or white to
// write on it.
std::string scale_colour(double share);
std::string text_colour_on_scale(double share);

}  // namespace AGATE_NAMESPACE::explain
