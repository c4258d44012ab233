#include "tenure/engine/distribution.hpp"
#include "tenure/engine/distribution/all.hpp"
