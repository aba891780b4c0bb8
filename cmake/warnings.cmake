# Warnings are errors for our own code; third-party sources are compiled without any.
add_library(berm_warnings INTERFACE)
target_compile_options(berm_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Werror -Wundef -Wstrict-prototypes -Wmissing-prototypes
  -Wold-style-definition -Wvla -Wpointer-arith -Wwrite-strings -Wformat=2 -fno-common)
target_compile_definitions(berm_warnings INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)

if(BERM_SANITIZE)
  add_compile_options(-fsanitize=${BERM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BERM_SANITIZE})
endif()

if(BERM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
