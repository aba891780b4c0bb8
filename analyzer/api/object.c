#include "api/object.h"

#include "base/memory.h"

void *object_new(size_t size) {
    struct object *object = memory_alloc(size);
    if (!object)
        return NULL;
    memset(object, 0, size);
    failure_init(&object->failure);
    arena_init(&object->arena, &object->failure, 0);
    return object;
}

void object_free(void *pointer) {
    struct object *object = pointer;
    if (!object)
        return;
    arena_release(&object->arena);
    memory_free(object);
}
