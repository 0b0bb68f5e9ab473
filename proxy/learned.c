/* SPDX-License-Identifier: MIT */
/* learned.c - a small table in which new names push old ones out. */

#include "proxy/learned.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

#define MAX_HOSTS 256

struct learned {
    pthread_mutex_t lock;
    struct {
        char host[LEAF_NAME_SIZE];
        uint64_t until;
    } rows[MAX_HOSTS];
    size_t next;
};

struct learned *
learned_new(void)
{
    struct learned *learned = fatal_alloc(sizeof(*learned));

    if (pthread_mutex_init(&learned->lock, NULL) != 0)
        fatal("no memory for a lock");
    return learned;
}

void
learned_free(struct learned *learned)
{
    if (learned == NULL)
        return;
    pthread_mutex_destroy(&learned->lock);
    free(learned);
}

void
learned_add(struct learned *learned, const struct leaf_name *name,
            uint64_t until)
{
    pthread_mutex_lock(&learned->lock);
    memcpy(learned->rows[learned->next].host, name->text,
           sizeof(name->text));
    learned->rows[learned->next].until = until;
    learned->next = (learned->next + 1) % MAX_HOSTS;
    pthread_mutex_unlock(&learned->lock);
}

bool
learned_has(struct learned *learned, const struct leaf_name *name,
            uint64_t now)
{
    bool has = false;

    pthread_mutex_lock(&learned->lock);
    for (size_t i = 0; i < MAX_HOSTS && !has; i++)
        has = learned->rows[i].until > now
              && strcmp(learned->rows[i].host, name->text) == 0;
    pthread_mutex_unlock(&learned->lock);
    return has;
}
