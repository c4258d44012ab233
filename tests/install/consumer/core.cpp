// Uses the headers of tenure::core alone; tells the version it was compiled with.
#include <tenure/decide/compare.hpp>
#include <tenure/version.hpp>

#include <cstdio>

int main() {
  std::printf("%d.%d.%d\n", TENURE_VERSION_MAJOR, TENURE_VERSION_MINOR, TENURE_VERSION_PATCH);
  return 0;
}
