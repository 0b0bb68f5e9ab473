/* SPDX-License-Identifier: MIT */
/* users.c - checks passwords with crypt(3) of libxcrypt. */

#include "proxy/users.h"

#include <crypt.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/fatal.h"
#include "common/log.h"

/* Of one line; bytes of name and hash. */
#define MAX_LINE 1024

struct user {
    char *name, *hash;
};

struct users {
    atomic_uint references;
    struct user *rows;
    size_t count;
};

/* For names that are not there: costs what htpasswd -B's default costs. */
static const char nobody[] = "$2y$05$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAA"
                             "AAAAAAAAAAA";

/* ---- The file ---- */

static bool
is_known_hash(const char *hash)
{
    static const char *const kinds[] = { "$2a$", "$2b$", "$2y$", "$5$", "$6$",
                                         "$7$", "$y$", "$gy$" };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strncmp(hash, kinds[i], strlen(kinds[i])) == 0)
            return crypt_checksalt(hash) != CRYPT_SALT_INVALID
                   && crypt_checksalt(hash) != CRYPT_SALT_METHOD_DISABLED;
    }
    return false;
}

static const struct user *
find(const struct users *users, const char *name)
{
    for (size_t i = 0; i < users->count; i++) {
        if (strcmp(users->rows[i].name, name) == 0)
            return &users->rows[i];
    }
    return NULL;
}

/* What is wrong with a line, or NULL. */
static const char *
add_line(struct users *users, char *line)
{
    char *colon = strchr(line, ':');
    struct user *user;

    if (line[0] == '\0' || line[0] == '#')
        return NULL;
    if (colon == NULL || colon == line)
        return "is no name:hash";
    *colon = '\0';
    if (find(users, line) != NULL)
        return "has a name that stood before";
    if (!is_known_hash(colon + 1))
        return "has a hash that cannot be checked: use htpasswd -B";
    users->rows = fatal_grow(users->rows, users->count,
                             sizeof(*users->rows));
    user = &users->rows[users->count++];
    user->name = fatal_strdup(line);
    user->hash = fatal_strdup(colon + 1);
    return NULL;
}

static bool
read_lines(struct users *users, FILE *file, const char *path)
{
    char line[MAX_LINE];
    unsigned number = 0;
    bool is_good = true;

    while (fgets(line, sizeof(line), file) != NULL) {
        const bool is_whole = strchr(line, '\n') != NULL || feof(file);
        const char *fault;

        number++;
        line[strcspn(line, "\r\n")] = '\0';
        fault = is_whole ? add_line(users, line) : "is too long";
        if (fault == NULL)
            continue;
        log_error("%s:%u: this line %s", path, number, fault);
        is_good = false;
        if (!is_whole)
            break;
    }
    explicit_bzero(line, sizeof(line));
    return is_good && !ferror(file);
}

static void
warn_of_readers(FILE *file, const char *path)
{
    struct stat st;

    if (fstat(fileno(file), &st) == 0 && (st.st_mode & S_IROTH) != 0)
        log_note("%s can be read by everybody on this machine", path);
}

struct users *
users_load(const char *path)
{
    struct users *users = fatal_alloc(sizeof(*users));
    FILE *file = fopen(path, "re");
    bool is_good = false;

    atomic_init(&users->references, 1);
    if (file == NULL) {
        log_error("%s: %s", path, strerror(errno));
    } else {
        warn_of_readers(file, path);
        is_good = read_lines(users, file, path);
        (void)fclose(file);
    }
    if (is_good && users->count == 0) {
        log_error("%s has no users", path);
        is_good = false;
    }
    if (is_good)
        return users;
    users_unref(users);
    return NULL;
}

struct users *
users_ref(struct users *users)
{
    atomic_fetch_add_explicit(&users->references, 1, memory_order_relaxed);
    return users;
}

void
users_unref(struct users *users)
{
    if (users == NULL
        || atomic_fetch_sub_explicit(&users->references, 1,
                                     memory_order_acq_rel)
               != 1)
        return;
    for (size_t i = 0; i < users->count; i++) {
        free(users->rows[i].name);
        free(users->rows[i].hash);
    }
    free(users->rows);
    free(users);
}

/* ---- Passwords ---- */

bool
users_check(const struct users *users, const char *name, const char *password)
{
    const struct user *user = find(users, name);
    const char *hash = user == NULL ? nobody : user->hash;
    struct crypt_data *data = fatal_alloc(sizeof(*data));
    const char *answer = crypt_r(password, hash, data);
    bool is_right = answer != NULL && strlen(answer) == strlen(hash)
                    && gnutls_memcmp(answer, hash, strlen(hash)) == 0;

    if (user == NULL)
        is_right = false;
    explicit_bzero(data, sizeof(*data));
    free(data);
    return is_right;
}
