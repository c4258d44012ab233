// check(), compiled once for whoever links the library.
#include "tenure/model/check/all.hpp"
