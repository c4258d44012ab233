include(CMakePackageConfigHelpers)

# With relative folders the installed tree may be moved; with absolute ones it is wanted where it is.
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tenure)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The components of find_package, a file of targets each: the headers, and what is compiled.
install(TARGETS tenure-core EXPORT tenureCoreTargets)
install(TARGETS tenure
  EXPORT tenureTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/tenure
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)

if(TARGET tenure-program)
  if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} AND NOT IS_ABSOLUTE ${CMAKE_INSTALL_BINDIR})
    file(RELATIVE_PATH to_libraries /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
    set_target_properties(tenure-program PROPERTIES INSTALL_RPATH $ORIGIN/${to_libraries})
  endif()
  install(TARGETS tenure-program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/schema/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/tenure/schema OPTIONAL FILES_MATCHING PATTERN *.schema.json)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/
  DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL FILES_MATCHING PATTERN *.md)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)

# find_package(tenure)
install(EXPORT tenureCoreTargets NAMESPACE tenure:: DESTINATION ${package_dir})
install(EXPORT tenureTargets NAMESPACE tenure:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/tenureConfig.cmake.in tenureConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(tenureConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tenureConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/tenureConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindUtf8proc.cmake
  DESTINATION ${package_dir})

# pkg-config
function(tenure_pkgconfig_folder result folder)
  if(IS_ABSOLUTE ${folder})
    set(${result} ${folder} PARENT_SCOPE)
  else()
    set(${result} \${prefix}/${folder} PARENT_SCOPE)
  endif()
endfunction()

if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
  file(RELATIVE_PATH to_prefix /${pkgconfig_dir} /)
  string(REGEX REPLACE "/$" "" to_prefix ${to_prefix})
  set(pc_prefix \${pcfiledir}/${to_prefix})
endif()
tenure_pkgconfig_folder(pc_libdir ${CMAKE_INSTALL_LIBDIR})
tenure_pkgconfig_folder(pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
set(pc_core_cflags "-I\${includedir}")
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  string(APPEND pc_core_cflags " -ffp-contract=off")
endif()
set(pc_linked_with)
if(NOT BUILD_SHARED_LIBS)
  set(pc_linked_with ", libutf8proc")
endif()
foreach(package IN ITEMS tenure tenure-core)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${package}.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc DESTINATION ${pkgconfig_dir})
endforeach()
