/* SPDX-License-Identifier: MIT */
/* targets.c - finds out what is to be scanned. */

#include "cli/targets.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"

/* Folders inside folders; deeper ones are reported. */
#define MAX_DEPTH 200

struct folder_id {
    dev_t device;
    ino_t inode;
};

void
targets_init(struct targets *targets)
{
    memset(targets, 0, sizeof(*targets));
}

void
targets_free(struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        free(targets->items[i].name);
        free(targets->items[i].error);
    }
    free(targets->items);
    free(targets->excludes);
    free(targets->seen);
}

void
targets_exclude(struct targets *targets, const char *glob)
{
    targets->excludes = log_realloc(targets->excludes,
                                    (targets->excludes_count + 1)
                                        * sizeof(*targets->excludes));
    targets->excludes[targets->excludes_count++] = glob;
}

static void
add(struct targets *targets, enum target_type type, const char *name,
    const char *error)
{
    struct target *target;

    if (targets->count == targets->room) {
        targets->room = targets->room == 0 ? 64 : targets->room * 2;
        targets->items = log_realloc(targets->items,
                                     targets->room * sizeof(*target));
    }
    target = &targets->items[targets->count++];
    target->type = type;
    target->name = log_strdup(name);
    target->error = error == NULL ? NULL : log_strdup(error);
}

static bool
is_excluded(const struct targets *targets, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;

    for (size_t i = 0; i < targets->excludes_count; i++) {
        if (fnmatch(targets->excludes[i], path, 0) == 0
            || fnmatch(targets->excludes[i], base, 0) == 0)
            return true;
    }
    return false;
}

/* Whether this folder was entered before; notes it when not. */
static bool
was_seen(struct targets *targets, const struct stat *st)
{
    for (size_t i = 0; i < targets->seen_count; i++) {
        if (targets->seen[i].device == st->st_dev
            && targets->seen[i].inode == st->st_ino)
            return true;
    }
    targets->seen = log_realloc(targets->seen, (targets->seen_count + 1)
                                                   * sizeof(*targets->seen));
    targets->seen[targets->seen_count++] = (struct folder_id){ st->st_dev,
                                                               st->st_ino };
    return false;
}

static char *
join(const char *folder, const char *name)
{
    const size_t n = strlen(folder);
    const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";
    char *path = log_alloc(n + strlen(name) + 2);

    memcpy(path, folder, n);
    memcpy(path + n, slash, strlen(slash));
    memcpy(path + n + strlen(slash), name, strlen(name) + 1);
    return path;
}

static void add_path(struct targets *targets, const char *path,
                     unsigned depth);

static int
keep_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void
add_folder(struct targets *targets, const char *path, unsigned depth)
{
    struct dirent **entries = NULL;
    int count;

    if (depth > MAX_DEPTH) {
        add(targets, TARGET_ERROR, path, "folders nested too deeply");
        return;
    }
    count = scandir(path, &entries, keep_entry, alphasort);
    if (count < 0) {
        add(targets, TARGET_ERROR, path, strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        char *inner = join(path, entries[i]->d_name);

        if (!is_excluded(targets, inner))
            add_path(targets, inner, depth + 1);
        free(inner);
        free(entries[i]);
    }
    free(entries);
}

static void
add_path(struct targets *targets, const char *path, unsigned depth)
{
    struct stat st;

    if (stat(path, &st) != 0)
        add(targets, TARGET_ERROR, path, strerror(errno));
    else if (S_ISREG(st.st_mode))
        add(targets, TARGET_FILE, path, NULL);
    else if (!S_ISDIR(st.st_mode))
        add(targets, TARGET_ERROR, path, "not a file or folder");
    else if (!was_seen(targets, &st))
        add_folder(targets, path, depth);
}

static bool
is_address(const char *word)
{
    return strncasecmp(word, "http://", 7) == 0
           || strncasecmp(word, "https://", 8) == 0;
}

void
targets_add(struct targets *targets, const char *word)
{
    if (is_address(word)) {
        add(targets, TARGET_ADDRESS, word, NULL);
    } else if (strcmp(word, "-") == 0) {
        if (!targets->has_stdin)
            add(targets, TARGET_STDIN, "-", NULL);
        targets->has_stdin = true;
    } else {
        add_path(targets, word, 0);
    }
}

bool
targets_add_from(struct targets *targets, const char *path, bool nul_ends)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    if (f == NULL) {
        log_error("%s: %s", path, strerror(errno));
        return false;
    }
    if (f == stdin)
        targets->has_stdin = true;
    while ((n = getdelim(&line, &room, nul_ends ? '\0' : '\n', f)) > 0) {
        if (line[n - 1] == (nul_ends ? '\0' : '\n'))
            line[--n] = '\0';
        if (!nul_ends && n > 0 && line[n - 1] == '\r')
            line[--n] = '\0';
        if (n > 0)
            targets_add(targets, line);
    }
    free(line);
    if (f != stdin)
        fclose(f);
    return true;
}
