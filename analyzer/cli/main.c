#include <stdio.h>

int main(void) {
    puts("berm " BERM_VERSION);
    return 0;
}
