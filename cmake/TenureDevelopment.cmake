# How tenure's own sources are compiled; none of it reaches users of the library.
function(tenure_development target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    if(TENURE_WARNINGS)
      target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
        -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wundef -Wformat=2
        $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond> $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>)
      if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
        target_compile_options(${target} PRIVATE -Wno-restrict)  # false alarms about std::string, gcc bug 105651
      endif()
    endif()
    if(TENURE_WARNINGS_AS_ERRORS)
      target_compile_options(${target} PRIVATE -Werror)
    endif()
    if(TENURE_SANITIZE)
      set(flags -fsanitize=${TENURE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
      target_compile_options(${target} PRIVATE ${flags})
      target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
      target_link_options(${target} PRIVATE ${flags})
    endif()
  elseif(MSVC)
    target_compile_options(${target} PRIVATE /utf-8 /bigobj)
    if(TENURE_WARNINGS)
      target_compile_options(${target} PRIVATE /W4 /permissive-)
    endif()
    if(TENURE_WARNINGS_AS_ERRORS)
      target_compile_options(${target} PRIVATE /WX)
    endif()
  endif()
endfunction()

if(TENURE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(TENURE_CCACHE_PROGRAM ccache)
  mark_as_advanced(TENURE_CCACHE_PROGRAM)
  if(TENURE_CCACHE_PROGRAM)
    # without this ccache declines every compilation that reads a precompiled header
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      ${TENURE_CCACHE_PROGRAM})
  endif()
endif()

# ... and neither without these options
function(tenure_cache_precompiled target)
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

function(tenure_precompile target)
  if(TENURE_PRECOMPILE_HEADERS)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    tenure_cache_precompiled(${target})
  endif()
endfunction()
