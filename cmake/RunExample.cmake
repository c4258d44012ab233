# cmake -D PROGRAM=... -D EXPECTED=... -P RunExample.cmake: runs the program; where the file EXPECTED exists, standard
# output must be that file, byte for byte.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "${PROGRAM} ended with ${status}, having printed the above")
endif()
if(EXISTS ${EXPECTED})
  file(READ ${EXPECTED} expected)
  if(NOT output STREQUAL expected)
    message("${output}")
    message(FATAL_ERROR "${PROGRAM} printed the above, which is not what ${EXPECTED} holds")
  endif()
endif()
