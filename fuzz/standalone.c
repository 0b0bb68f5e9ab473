/* SPDX-License-Identifier: MIT */
/* standalone.c - runs a fuzz target over files and folders, without a fuzzer.
 *
 * `fuzz_html seeds/html` feeds each file whole, and cut off at up to 64 evenly
 * spread lengths.  Every input ends flush against freed memory's edge: it is
 * copied into a block of exactly its size, so AddressSanitizer sees overreads. */

#define _DEFAULT_SOURCE 1               /* scandir */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_CUTS ((size_t)64)

static unsigned long inputs;

static void
feed(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size == 0 ? 1 : size);

    if (exact == NULL)
        exit(2);
    memcpy(exact, data, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    inputs++;
}

static int
feed_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(size + 1);
    const size_t cuts = size < MAX_CUTS ? size : MAX_CUTS;

    if (f == NULL || data == NULL || fread(data, 1, size, f) != size) {
        fprintf(stderr, "%s: cannot read\n", path);
        return 1;
    }
    fclose(f);
    feed(data, size);
    for (size_t i = 0; i < cuts; i++)
        feed(data, size / cuts * i);
    free(data);
    return 0;
}

static int feed_path(const char *path);

static int
feed_folder(const char *path)
{
    struct dirent **names;
    const int n = scandir(path, &names, NULL, alphasort);
    int failed = n < 0;

    for (int i = 0; i < n; i++) {
        char full[4096];

        snprintf(full, sizeof(full), "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            failed |= feed_path(full);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return failed;
}

static int
feed_path(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        fprintf(stderr, "%s: cannot read\n", path);
        return 1;
    }
    if (S_ISDIR(st.st_mode))
        return feed_folder(path);
    return feed_file(path, (size_t)st.st_size);
}

int
main(int argc, char **argv)
{
    int failed = argc < 2;

    for (int i = 1; i < argc; i++)
        failed |= feed_path(argv[i]);
    printf("%lu inputs\n", inputs);
    return failed || inputs == 0;
}
