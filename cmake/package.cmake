# The library for hosts: `cmake --build build --target library && cmake --install build`.
# Its objects are compiled apart from the program's, without LTO, so that any linker can take them.
# Not in test builds, whose dependencies are shared libraries and whose objects inject faults.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(berm_library_objects OBJECT EXCLUDE_FROM_ALL
  ${ANALYZER_SOURCES} ${CMAKE_BINARY_DIR}/generated/grammar_table.c cmake/library_stdin.c)
target_include_directories(berm_library_objects PRIVATE
  $<TARGET_PROPERTY:berm_objects,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(berm_library_objects PRIVATE BERM_VERSION="${PROJECT_VERSION}")
target_link_libraries(berm_library_objects PRIVATE berm_warnings)
set(LIBRARY_OBJECTS $<TARGET_OBJECTS:berm_library_objects> $<TARGET_OBJECTS:berm_grammars>
  $<TARGET_OBJECTS:berm_image>)
set(LIBRARY_ARCHIVES ${LIB_YAML} ${LIB_PCRE2-8} ${LIB_JANSSON} ${LIB_SODIUM})

# One relocatable object in which every symbol but berm_* is local: third-party archives go inside
# and cannot meet a host's own copies. Hooking jansson's allocator, for one, must not be felt by a
# host that uses jansson itself. Debian's jansson is compiled for programs: its one reference to a
# variable of the C library (stdin, in a function nothing calls) is turned to a variable of ours,
# or no shared library could hold it.
set(LIBRARY_OBJECT ${CMAKE_BINARY_DIR}/libberm.o)
set(STATIC_LIBRARY ${CMAKE_BINARY_DIR}/libberm.a)
add_custom_command(OUTPUT ${LIBRARY_OBJECT} ${STATIC_LIBRARY}
  COMMAND ${CMAKE_LINKER} -r --defsym=stdin=library_stdin -o ${LIBRARY_OBJECT} ${LIBRARY_OBJECTS}
          ${LIBRARY_ARCHIVES}
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=berm_* ${LIBRARY_OBJECT}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${STATIC_LIBRARY}
  COMMAND ${CMAKE_AR} rcsD ${STATIC_LIBRARY} ${LIBRARY_OBJECT}
  DEPENDS ${LIBRARY_OBJECTS} COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(berm_static DEPENDS ${STATIC_LIBRARY})

set(VERSION_SCRIPT ${CMAKE_SOURCE_DIR}/packaging/libberm.map)
add_library(berm_shared SHARED EXCLUDE_FROM_ALL ${LIBRARY_OBJECT})
add_dependencies(berm_shared berm_static)
target_link_libraries(berm_shared PRIVATE Threads::Threads)
target_link_options(berm_shared PRIVATE
  -Wl,--version-script=${VERSION_SCRIPT} -Wl,-Bsymbolic -Wl,--no-undefined)
set_target_properties(berm_shared PROPERTIES OUTPUT_NAME berm LINKER_LANGUAGE C
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} LINK_DEPENDS ${VERSION_SCRIPT})
add_custom_target(library DEPENDS berm_shared berm_static)

file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
set(PKG_CONFIG_PREFIX "\${pcfiledir}/${to_prefix}")
configure_file(packaging/berm.pc.in ${CMAKE_BINARY_DIR}/generated/berm.pc @ONLY)
configure_package_config_file(packaging/bermConfig.cmake.in
  ${CMAKE_BINARY_DIR}/generated/bermConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/berm
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/bermConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS berm_shared LIBRARY OPTIONAL)
install(FILES ${STATIC_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR} OPTIONAL)
install(FILES include/berm.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/generated/berm.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${CMAKE_BINARY_DIR}/generated/bermConfig.cmake
  ${CMAKE_BINARY_DIR}/generated/bermConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/berm)
