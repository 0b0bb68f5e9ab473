/* SPDX-License-Identifier: MIT */
/* corpus.c - walks folders of test input. */

#define _GNU_SOURCE

#include "support/corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILE (8l << 20)

struct walk {
    const char *suffix;
    corpus_visitor visit;
    void *ctx;
    size_t visited;
};

static void
visit_file(struct walk *walk, const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    char *bytes = malloc(size + 1);

    if (f != NULL && bytes != NULL && fread(bytes, 1, size, f) == size) {
        bytes[size] = '\0';
        walk->visit(walk->ctx, path, bytes, size);
        walk->visited++;
    }
    free(bytes);
    if (f != NULL)
        fclose(f);
}

static int
ends_with(const char *text, const char *suffix)
{
    const size_t n = strlen(text);
    const size_t m = strlen(suffix);

    return n >= m && strcmp(text + n - m, suffix) == 0;
}

static void
walk_folder(struct walk *walk, const char *folder)
{
    struct dirent **names;
    const int n = scandir(folder, &names, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        char *path = NULL;
        struct stat st;

        if (names[i]->d_name[0] != '.'
            && asprintf(&path, "%s/%s", folder, names[i]->d_name) > 0
            && lstat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode))
                walk_folder(walk, path);
            else if (S_ISREG(st.st_mode) && st.st_size <= MAX_FILE
                     && ends_with(path, walk->suffix))
                visit_file(walk, path, (size_t)st.st_size);
        }
        free(path);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

size_t
corpus_visit(const char *folder, const char *suffix, corpus_visitor visit,
             void *ctx)
{
    struct walk walk = { suffix, visit, ctx, 0 };

    walk_folder(&walk, folder);
    return walk.visited;
}
