# The program: static with LTO in Release, dynamic for tests and sanitizers.
file(GLOB CLI_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/analyzer/cli/*.c)

# What `berm rules new` starts a rule with, as a C string.
set(RULE_TEMPLATE ${CMAKE_SOURCE_DIR}/analyzer/cli/rule_template.yaml)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${RULE_TEMPLATE})
file(READ ${RULE_TEMPLATE} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\" \\\n    \"" text "${text}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/rule_template_text.h
  CONTENT "#define RULE_TEMPLATE_TEXT \\\n    \"@text@\"\n" @ONLY)

add_executable(berm ${CLI_SOURCES})
target_include_directories(berm PRIVATE ${CMAKE_BINARY_DIR}/generated)
target_link_libraries(berm PRIVATE berm_all berm_warnings m)
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT BERM_TESTS AND NOT BERM_SANITIZE)
  target_link_options(berm PRIVATE -static)
  set_property(TARGET berm berm_objects PROPERTY INTERPROCEDURAL_OPTIMIZATION ON)
endif()
install(TARGETS berm RUNTIME)

# For ./dev bench only.
add_executable(berm_bench_shell EXCLUDE_FROM_ALL bench/shell_reader.c)
target_link_libraries(berm_bench_shell PRIVATE berm_all berm_warnings m)
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT BERM_TESTS AND NOT BERM_SANITIZE)
  target_link_options(berm_bench_shell PRIVATE -static)
  set_property(TARGET berm_bench_shell PROPERTY INTERPROCEDURAL_OPTIMIZATION ON)
endif()
