#include "tenure/engine/individual.hpp"
#include "tenure/engine/individual/all.hpp"
