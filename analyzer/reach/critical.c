#include "reach/critical.h"

#include "base/glob.h"

bool critical_covers(const struct critical_system *system, struct slice path) {
    for (uint32_t i = 0; i < system->path_count; i++)
        if (glob_match_path(system->paths[i], path))
            return true;
    return false;
}

const struct critical_system *critical_find(const struct critical_systems *systems,
                                            struct slice path) {
    const struct critical_system *best = NULL;
    for (uint32_t i = 0; i < systems->count; i++)
        if ((!best || systems->items[i].floor > best->floor) &&
            critical_covers(&systems->items[i], path))
            best = &systems->items[i];
    return best;
}
