# The program: static with LTO in Release, dynamic for tests and sanitizers.
set(CLI_SOURCES ${CMAKE_SOURCE_DIR}/analyzer/cli/main.c)
add_executable(berm ${CLI_SOURCES})
target_link_libraries(berm PRIVATE berm_all berm_warnings)
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT BERM_TESTS AND NOT BERM_SANITIZE)
  target_link_options(berm PRIVATE -static)
  set_property(TARGET berm berm_objects PROPERTY INTERPROCEDURAL_OPTIMIZATION ON)
endif()
