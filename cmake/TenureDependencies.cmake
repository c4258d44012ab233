# What users of the library need too: repeated in tenureConfig.cmake.in.
find_package(Eigen3 3.4 REQUIRED CONFIG)
find_package(Boost 1.74 REQUIRED CONFIG)
find_package(Threads REQUIRED)

# What the compiled part is linked with: a static one asks its users for it, in tenureConfig.cmake.in and tenure.pc.in.
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
find_package(Utf8proc 2.2 REQUIRED)

# What only the compiled parts read, as headers.
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(fmt 9 REQUIRED)
if(TENURE_BUILD_PROGRAM)
  find_package(CLI11 2.1 REQUIRED)
endif()

# Gives a target the headers of header-only packages and nothing to link: a user of the installed library never has to
# find them, and a package whose target names a compiled library is still read as headers.
function(tenure_use_headers target)
  foreach(package IN LISTS ARGN)
    target_include_directories(${target} SYSTEM PRIVATE $<TARGET_PROPERTY:${package},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  if("fmt::fmt" IN_LIST ARGN)
    target_compile_definitions(${target} PRIVATE FMT_HEADER_ONLY=1)
  endif()
  if("tomlplusplus::tomlplusplus" IN_LIST ARGN)
    target_compile_definitions(${target} PRIVATE TOML_HEADER_ONLY=1)
  endif()
endfunction()
