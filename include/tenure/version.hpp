#pragma once
// The version of this library. The build reads it from these three definitions; it is written nowhere else.

/// Grows when interfaces change; 0: they may change with every minor version.
#define TENURE_VERSION_MAJOR 0
/// Grows when something is added.
#define TENURE_VERSION_MINOR 1
/// Grows when something is mended.
#define TENURE_VERSION_PATCH 0

#include <string_view>

#define TENURE_DETAIL_TEXT(number) #number
#define TENURE_DETAIL_VERSION(major, minor, patch) \
  TENURE_DETAIL_TEXT(major) "." TENURE_DETAIL_TEXT(minor) "." TENURE_DETAIL_TEXT(patch)

namespace tenure {

/// "major.minor.patch"
inline constexpr std::string_view version =
    TENURE_DETAIL_VERSION(TENURE_VERSION_MAJOR, TENURE_VERSION_MINOR, TENURE_VERSION_PATCH);

}  // namespace tenure

#undef TENURE_DETAIL_VERSION
#undef TENURE_DETAIL_TEXT
