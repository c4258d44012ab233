// The exact engine, compiled once for whoever links the library.
#include "tenure/engine/exact/all.hpp"
