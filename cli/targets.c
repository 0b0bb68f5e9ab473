/* SPDX-License-Identifier: MIT */
/* targets.c - finds out what is to be scanned, lazily: names of one folder at
 * a time are in memory, and those of the folders above it. */

#include "cli/targets.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/folderset.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

/* A folder that is being worked through. */
struct folder {
    char *path;
    char **names;                       /* sorted */
    size_t count, next;
};

struct list {
    FILE *file;
    const char *path;
    bool ends_with_nul;
};

struct targets {
    const char **words;
    size_t words_count, words_next;
    struct list *lists;
    size_t lists_count, lists_next;
    const struct exclude *exclude;
    struct folder *folders;             /* a stack */
    size_t folders_count, folders_room;
    size_t top_length;                  /* of the path that was given */
    struct folderset entered;
    size_t passed_over;
    bool is_stdin_taken;
    bool is_in_list;                    /* words are done */
};

void
target_fini(struct target *target)
{
    free(target->name);
    free(target->error);
    memset(target, 0, sizeof(*target));
}

struct targets *
targets_new(const struct exclude *exclude)
{
    struct targets *targets = fatal_alloc(sizeof(*targets));

    targets->exclude = exclude;
    folderset_init(&targets->entered);
    return targets;
}

static void
leave_folder(struct targets *targets)
{
    struct folder *folder = &targets->folders[--targets->folders_count];

    for (size_t i = 0; i < folder->count; i++)
        free(folder->names[i]);
    free(folder->names);
    free(folder->path);
}

void
targets_free(struct targets *targets)
{
    if (targets == NULL)
        return;
    while (targets->folders_count > 0)
        leave_folder(targets);
    for (size_t i = 0; i < targets->lists_count; i++) {
        if (targets->lists[i].file != NULL && targets->lists[i].file != stdin)
            fclose(targets->lists[i].file);
    }
    folderset_fini(&targets->entered);
    free(targets->folders);
    free(targets->words);
    free(targets->lists);
    free(targets);
}

void
targets_add_word(struct targets *targets, const char *word)
{
    targets->words = fatal_grow(targets->words, targets->words_count,
                                sizeof(*targets->words));
    targets->words[targets->words_count++] = word;
}

bool
targets_add_list(struct targets *targets, const char *path,
                 bool ends_with_nul)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

    if (file == stdin)
        targets->is_stdin_taken = true;
    if (file == NULL) {
        log_error("%s: %s", path, strerror(errno));
        return false;
    }
    targets->lists = fatal_grow(targets->lists, targets->lists_count,
                                sizeof(*targets->lists));
    targets->lists[targets->lists_count++]
        = (struct list){ file, path, ends_with_nul };
    return true;
}

size_t
targets_passed_over(const struct targets *targets)
{
    return targets->passed_over;
}

/* ---- Folders ---- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* 0, or why not all names could be read. */
static int
read_names(struct folder *folder)
{
    DIR *dir = opendir(folder->path);
    const struct dirent *entry;
    int error;

    if (dir == NULL)
        return errno;
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (is_dots(entry->d_name))
            continue;
        folder->names = fatal_grow(folder->names, folder->count,
                                   sizeof(*folder->names));
        folder->names[folder->count++] = fatal_strdup(entry->d_name);
    }
    error = errno;
    closedir(dir);
    if (folder->count > 1)
        qsort(folder->names, folder->count, sizeof(*folder->names),
              compare_names);
    return error;
}

static int
enter_folder(struct targets *targets, const char *path)
{
    struct folder *folder;

    if (targets->folders_count == 0)
        targets->top_length = strlen(path);
    if (targets->folders_count == targets->folders_room) {
        targets->folders_room += 32;
        targets->folders = fatal_realloc(
            targets->folders,
            targets->folders_room * sizeof(*targets->folders));
    }
    folder = &targets->folders[targets->folders_count++];
    memset(folder, 0, sizeof(*folder));
    folder->path = fatal_strdup(path);
    return read_names(folder);
}

/* ---- Targets ---- */

static double
share_done(const struct targets *targets)
{
    const size_t sources = targets->words_count + targets->lists_count;
    double share = sources == 0 ? 1 : 1 / (double)sources;
    double done = share * (double)(targets->words_next + targets->lists_next);

    /* How long a list is, is not known. */
    if (targets->folders_count == 0 || targets->is_in_list)
        return done;
    done -= share;
    for (size_t i = 0; i < targets->folders_count; i++) {
        const struct folder *folder = &targets->folders[i];

        if (folder->count == 0)
            continue;
        share /= (double)folder->count;
        done += share * (double)folder->next;
        if (i + 1 < targets->folders_count)
            done -= share;
    }
    return done;
}

static bool
give(struct targets *targets, struct target *target, enum target_type type,
     const char *name, const char *error)
{
    target->type = type;
    target->name = fatal_strdup(name);
    target->error = error == NULL ? NULL : fatal_strdup(error);
    target->share = share_done(targets);
    return true;
}

static const char *
text_of_mode(mode_t mode)
{
    return S_ISFIFO(mode)   ? "a pipe"
           : S_ISSOCK(mode) ? "a socket"
           : S_ISBLK(mode)  ? "a block device"
           : S_ISCHR(mode)  ? "a character device"
                            : "not a file";
}

/* Why `path` is not there, for people. */
static const char *
explain_missing(const char *path, int error)
{
    struct stat st;

    if (strstr(path, "://") != NULL)
        return "only http:// and https:// addresses can be fetched";
    if (error == ENOENT && lstat(path, &st) == 0)
        return "a link to something that is not there";
    if (error == ENOENT && strchr(path, '/') == NULL && path[0] != '.'
        && strchr(path, '.') != NULL)
        return "no such file or folder (an address starts with https://)";
    return error == ENOENT ? "no such file or folder" : strerror(error);
}

/* Pipes that were named are read: a shell's <(command) is one. */
static bool
give_special(struct targets *targets, struct target *target,
             const char *path, mode_t mode)
{
    char *text;

    if (targets->folders_count == 0) {
        if (S_ISFIFO(mode))
            return give(targets, target, TARGET_FILE, path, NULL);
        text = fatal_format("%s, not a file or folder", text_of_mode(mode));
        give(targets, target, TARGET_ERROR, path, text);
        free(text);
        return true;
    }
    targets->passed_over++;
    log_note("%s: %s, passed over", path, text_of_mode(mode));
    return false;
}

/* False when there is nothing to give (yet). */
static bool
give_path(struct targets *targets, struct target *target, const char *path)
{
    const bool is_top = targets->folders_count == 0;
    struct stat st;
    int error;

    /* A folder that is named is wanted: "." must not match "*". */
    memset(&st, 0, sizeof(st));
    error = stat(path, &st) != 0 ? errno : 0;
    if (!(is_top && S_ISDIR(st.st_mode))
        && exclude_matches(targets->exclude, path,
                           is_top ? 0 : targets->top_length))
        return false;
    if (error != 0)
        return give(targets, target, TARGET_ERROR, path,
                    explain_missing(path, error));
    if (S_ISREG(st.st_mode))
        return give(targets, target, TARGET_FILE, path, NULL);
    if (!S_ISDIR(st.st_mode))
        return give_special(targets, target, path, st.st_mode);
    if (!folderset_add(&targets->entered, st.st_dev, st.st_ino))
        return false;
    error = enter_folder(targets, path);
    return error != 0
           && give(targets, target, TARGET_ERROR, path, strerror(error));
}

static bool
is_address(const char *word)
{
    return text_starts_nocase(word, "http://")
           || text_starts_nocase(word, "https://");
}

static bool
give_word(struct targets *targets, struct target *target, const char *word)
{
    folderset_clear(&targets->entered);
    if (strcmp(word, "-") == 0 && targets->is_stdin_taken)
        return give(targets, target, TARGET_ERROR, word,
                    "standard input was taken before");
    if (strcmp(word, "-") == 0) {
        targets->is_stdin_taken = true;
        return give(targets, target, TARGET_STDIN, word, NULL);
    }
    if (!is_address(word))
        return give_path(targets, target, word);
    return !exclude_matches(targets->exclude, word, 0)
           && give(targets, target, TARGET_ADDRESS, word, NULL);
}

/* The next name of the innermost folder, or back up. */
static bool
give_entry(struct targets *targets, struct target *target)
{
    struct folder *folder = &targets->folders[targets->folders_count - 1];
    const size_t n = strlen(folder->path);
    char *path;
    bool is_given;

    if (folder->next == folder->count) {
        leave_folder(targets);
        return false;
    }
    path = fatal_format("%s%s%s", folder->path,
                        n > 0 && folder->path[n - 1] == '/' ? "" : "/",
                        folder->names[folder->next++]);
    is_given = give_path(targets, target, path);
    free(path);
    return is_given;
}

/* The next line of the current list; the list is left at its end. */
static bool
give_line(struct targets *targets, struct target *target)
{
    struct list *list = &targets->lists[targets->lists_next];
    const char end = list->ends_with_nul ? '\0' : '\n';
    char *line = NULL;
    size_t room = 0;
    ssize_t n = getdelim(&line, &room, end, list->file);
    bool is_given = false;

    targets->is_in_list = true;
    if (n < 0) {
        if (ferror(list->file))
            is_given = give(targets, target, TARGET_ERROR, list->path,
                            "the list cannot be read");
        targets->lists_next++;
    } else {
        if (n > 0 && line[n - 1] == end)
            line[--n] = '\0';
        if (n > 0 && !list->ends_with_nul && line[n - 1] == '\r')
            line[--n] = '\0';
        is_given = n > 0 && give_word(targets, target, line);
    }
    free(line);
    return is_given;
}

bool
targets_next(struct targets *targets, struct target *target)
{
    bool is_given = false;

    while (!is_given) {
        if (targets->folders_count > 0)
            is_given = give_entry(targets, target);
        else if (targets->words_next < targets->words_count)
            is_given = give_word(targets, target,
                                 targets->words[targets->words_next++]);
        else if (targets->lists_next < targets->lists_count)
            is_given = give_line(targets, target);
        else
            return false;
    }
    return true;
}
