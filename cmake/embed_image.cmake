# Writes a C file that places the image in read-only memory with the assembler's .incbin.
file(SHA256 ${IMAGE} digest)
file(WRITE ${OUTPUT} "/* Generated: knowledge image ${digest} */
#include \"fact/image.h\"
#include <stdlib.h>

__asm__(\".section .rodata\\n.balign 16\\nberm_image_begin:\\n.incbin \\\"${IMAGE}\\\"\\nberm_image_end:\\n.previous\\n\");
extern const unsigned char berm_image_begin[], berm_image_end[];

struct image image_builtin(void) {
    struct image image = {0};
    if (!image_open(&image, berm_image_begin, (size_t)(berm_image_end - berm_image_begin)))
        abort(); /* a broken build, not input */
    return image;
}

const char *image_builtin_digest(void) {
    return \"${digest}\";
}
")
