// The cohort engine, compiled once for whoever links the library.
#include "tenure/engine/cohort/all.hpp"
