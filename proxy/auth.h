/* SPDX-License-Identifier: MIT */
/* auth.h - asks for passwords without making a loop wait: hashes are slow by
 * intent, so a thread of its own computes them. */

#ifndef AUTH_H
#define AUTH_H

#include "proxy/http_head.h"
#include "proxy/loop.h"
#include "proxy/users.h"

/* The thread, and what waits for it. */
struct auth;

/* One worker's side. */
struct auth_client;

/* One password that is being checked. */
struct auth_question;

enum auth_answer {
    AUTH_RIGHT,
    AUTH_WRONG,
    AUTH_BUSY                           /* too many are waiting */
};

typedef void auth_fn(void *ctx, enum auth_answer answer);

/* Name and password as they came (RFC 7617, 2). */
#define AUTH_MAX_TEXT ((size_t)512)

struct auth_credentials {
    char name[AUTH_MAX_TEXT];
    char password[AUTH_MAX_TEXT];
};

/* The thread starts with the first question. */
struct auth *auth_new(void);
/* After its clients. */
void auth_free(struct auth *auth);

struct auth_client *auth_client_new(struct auth *auth, struct loop *loop);
void auth_client_free(struct auth_client *client);

/* All remembered passwords are forgotten: the users have changed. */
void auth_client_forget(struct auth_client *client);

/* The value of Proxy-Authorization; false when it is no Basic one, or has
 * control characters. */
bool auth_read_basic(struct http_text value, struct auth_credentials *out);

/* Overwrite them. */
void auth_wipe(struct auth_credentials *credentials);

/* Whether this pair was right lately.  Only a keyed digest is remembered, and
 * for some minutes. */
bool auth_remembers(struct auth_client *client,
                    const struct auth_credentials *credentials);

/* Check a pair; `fn` is called once from the loop, later, unless the question
 * is cancelled before. */
struct auth_question *auth_ask(struct auth_client *client,
                               struct users *users,
                               const struct auth_credentials *credentials,
                               auth_fn *fn, void *ctx);
void auth_cancel(struct auth_question *question);

#endif
