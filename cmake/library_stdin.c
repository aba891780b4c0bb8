/* Takes the place of the C library's stdin inside libberm (cmake/package.cmake). Nothing reads it.
 */
extern void *library_stdin;
void *library_stdin;
