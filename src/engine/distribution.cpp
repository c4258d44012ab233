// The distribution engine, compiled once for whoever links the library.
#include "tenure/engine/distribution/all.hpp"
