/* SPDX-License-Identifier: MIT */
/* ca_store.c - the folder that holds the authority: its rights, its files. */

#include "proxy/ca_store.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fatal.h"

/* A key and a certificate take some hundred bytes. */
#define MAX_FILE ((size_t)64 << 10)

#define NAME_SIZE 64

int
ca_store_open(const char *dir)
{
    return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
ca_store_open_file(int folder, const char *name)
{
    /* O_NONBLOCK: somebody may have put a FIFO there. */
    const int fd = openat(folder, name,
                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;

    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

#define NO_OWNER ((uid_t)-1)

static uid_t owner = NO_OWNER;

void
ca_store_set_owner(uid_t uid)
{
    owner = uid;
}

static bool
is_owned(const struct stat *st)
{
    return st->st_uid == 0
           || st->st_uid == (owner == NO_OWNER ? geteuid() : owner);
}

const char *
ca_store_folder_fault(int folder)
{
    struct stat st;

    if (fstat(folder, &st) != 0)
        return "cannot be looked at";
    if (!is_owned(&st))
        return "belongs to somebody else";
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "can be written by others";
    return NULL;
}

const char *
ca_store_key_fault(int file)
{
    struct stat st;

    if (fstat(file, &st) != 0)
        return "cannot be looked at";
    if (!is_owned(&st))
        return "belongs to somebody else";
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "is open to others";
    if (st.st_nlink != 1)
        return "has a second name";
    return NULL;
}

const char *
ca_store_certificate_fault(int file)
{
    struct stat st;

    if (fstat(file, &st) != 0)
        return "cannot be looked at";
    if (!is_owned(&st))
        return "belongs to somebody else";
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "can be written by others";
    return NULL;
}

bool
ca_store_read(int file, gnutls_datum_t *bytes)
{
    unsigned char *at = fatal_alloc(MAX_FILE + 1);
    size_t used = 0;
    ssize_t n;

    while ((n = pread(file, at + used, MAX_FILE - used, (off_t)used)) > 0)
        used += (size_t)n;
    *bytes = (gnutls_datum_t){ at, (unsigned)used };
    if (n == 0 && used < MAX_FILE)
        return true;
    if (n == 0)
        errno = EFBIG;
    ca_store_forget(bytes);
    return false;
}

void
ca_store_forget(gnutls_datum_t *bytes)
{
    const int error = errno;

    if (bytes->data != NULL)
        gnutls_memset(bytes->data, 0, bytes->size);
    free(bytes->data);
    *bytes = (gnutls_datum_t){ NULL, 0 };
    errno = error;
}

static bool
write_all(int fd, const gnutls_datum_t *bytes)
{
    for (size_t done = 0; done < bytes->size;) {
        const ssize_t n = write(fd, bytes->data + done, bytes->size - done);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            done += (size_t)n;
    }
    return fsync(fd) == 0;
}

bool
ca_store_write(int folder, const char *name, mode_t mode,
               const gnutls_datum_t *bytes)
{
    char new_name[NAME_SIZE];
    uint64_t random = 0;
    bool is_written;
    int error;
    int fd;

    if (gnutls_rnd(GNUTLS_RND_NONCE, &random, sizeof(random)) < 0) {
        errno = EIO;
        return false;
    }
    snprintf(new_name, sizeof(new_name), "%s.new-%016" PRIx64, name, random);
    fd = openat(folder, new_name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                mode & 0700);
    if (fd < 0)
        return false;
    /* A link, since rename would replace what is there. */
    is_written = write_all(fd, bytes) && fchmod(fd, mode) == 0
                 && linkat(folder, new_name, folder, name, 0) == 0;
    error = errno;
    close(fd);
    unlinkat(folder, new_name, 0);
    if (is_written && fsync(folder) != 0) {
        error = errno;
        is_written = false;
    }
    errno = error;
    return is_written;
}

bool
ca_store_set_aside(int folder, const char *name, const char *suffix)
{
    char old_name[NAME_SIZE];

    snprintf(old_name, sizeof(old_name), "%s.old-%s", name, suffix);
    if (linkat(folder, name, folder, old_name, 0) != 0)
        return errno == ENOENT;
    return unlinkat(folder, name, 0) == 0;
}
