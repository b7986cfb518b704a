#include <agate/tensor/tensor.hpp>

#include "catch.hpp"
static_assert(sizeof(agate::Real) == 8);
