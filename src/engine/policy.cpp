// optimal_policy(), compiled once for whoever links the library.
#include "tenure/engine/policy/all.hpp"
