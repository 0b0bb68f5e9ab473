/* SPDX-License-Identifier: MIT */
/* rule_message.h - what there is to say about rules, lists and packs. */

#ifndef DV_RULE_MESSAGE_H
#define DV_RULE_MESSAGE_H

#include <davy/davy.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/vec.h"

/* Messages beyond this say nothing new. */
#define DV_MESSAGES_MAX 1000

/* A place in a source. */
struct dv_place {
    uint32_t line;
    uint32_t column;
};

/* A file that messages can be about. */
struct dv_source {
    const char *name;                   /* in the arena of the messages */
    uint32_t number;                    /* order among all; 0: none yet */
};

struct dv_messages {
    struct dv_arena arena;              /* texts */
    struct dv_vec items;                /* struct dv_message *, which stay
                                         * where they are */
    struct dv_source source;            /* the file being read */
    uint32_t sources;                   /* opened so far */
    size_t errors;                      /* messages that are no warning */
    bool is_cut;                        /* some were left out */
};

void dv_messages_init(struct dv_messages *messages, struct dv_mem *mem);
void dv_messages_fini(struct dv_messages *messages);

/* What is said from now on is about the file `name`.  DAVY_OK or
 * DAVY_NO_MEMORY. */
davy_status dv_messages_open(struct dv_messages *messages, const char *name);

/* Go back to a file that was open before. */
void dv_messages_return(struct dv_messages *messages,
                        struct dv_source source);

/* Say something; `hint` may be NULL.  `is_warning` as in davy_message.
 * DAVY_OK or DAVY_NO_MEMORY. */
davy_status dv_messages_say(struct dv_messages *messages, davy_status code,
                            bool is_warning, struct dv_place place,
                            const char *hint, const char *fmt, ...)
    DV_PRINTF(6, 7);
davy_status dv_messages_vsay(struct dv_messages *messages, davy_status code,
                             bool is_warning, struct dv_place place,
                             const char *hint, const char *fmt, va_list args)
    DV_PRINTF(6, 0);

/* Bring all into the order of their places. */
void dv_messages_sort(struct dv_messages *messages);

size_t dv_messages_count(const struct dv_messages *messages);
const davy_message *dv_messages_at(const struct dv_messages *messages,
                                   size_t i);

#endif
