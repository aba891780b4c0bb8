/* placeholder, completed with the api stage */
#ifndef BERM_H
#define BERM_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum berm_status {
    BERM_OK = 0,
    BERM_ERROR_ARGUMENT,
    BERM_ERROR_MEMORY,
    BERM_ERROR_LIMIT,
    BERM_ERROR_IO,
    BERM_ERROR_GIT,
    BERM_ERROR_PATCH,
    BERM_ERROR_RULE,
    BERM_ERROR_POLICY,
    BERM_ERROR_JSON,
    BERM_ERROR_INTERNAL
} berm_status;

typedef struct berm_error {
    berm_status status;
    uint32_t line, column;
    char where[256];
    char message[512];
} berm_error;

#ifdef __cplusplus
}
#endif
#endif
