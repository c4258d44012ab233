# libutf8proc, which not every version and packager brings a package file for: the target Utf8proc::Utf8proc.
find_path(Utf8proc_INCLUDE_DIR utf8proc.h)
find_library(Utf8proc_LIBRARY NAMES utf8proc utf8proc_static)
mark_as_advanced(Utf8proc_INCLUDE_DIR Utf8proc_LIBRARY)

set(Utf8proc_VERSION)
if(Utf8proc_INCLUDE_DIR)
  foreach(part IN ITEMS MAJOR MINOR PATCH)
    file(STRINGS ${Utf8proc_INCLUDE_DIR}/utf8proc.h number REGEX "^#define UTF8PROC_VERSION_${part} [0-9]+")
    string(REGEX REPLACE "^[^ ]+ [^ ]+ ([0-9]+).*" "\\1" number "${number}")
    list(APPEND Utf8proc_VERSION ${number})
  endforeach()
  list(JOIN Utf8proc_VERSION . Utf8proc_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Utf8proc
  REQUIRED_VARS Utf8proc_LIBRARY Utf8proc_INCLUDE_DIR VERSION_VAR Utf8proc_VERSION)

if(Utf8proc_FOUND AND NOT TARGET Utf8proc::Utf8proc)
  add_library(Utf8proc::Utf8proc UNKNOWN IMPORTED)
  set_target_properties(Utf8proc::Utf8proc PROPERTIES
    IMPORTED_LOCATION ${Utf8proc_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${Utf8proc_INCLUDE_DIR})
endif()
