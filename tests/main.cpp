// Catch2 2 wants its main function compiled with the tests' own language version; 3 brings one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
