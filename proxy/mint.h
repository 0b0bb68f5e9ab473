/* SPDX-License-Identifier: MIT */
/* mint.h - asks a process of its own, which holds the authority's key, for
 * certificates.
 *
 * The key process answers one question: a certificate for this name, please,
 * with the public key that all our leaves share.  A keeper, its parent, starts
 * it again when it dies.  See docs/adr/0007-key-process.md. */

#ifndef MINT_H
#define MINT_H

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "proxy/leaf_name.h"

struct mint;
struct mint_client;

/* Questions that one client may have open; further ones are refused. */
#define MINT_MAX_OPEN 1024

struct mint_options {
    const char *state_dir;              /* of the authority */
    unsigned clients;
    uid_t owner;                        /* of its files, if it is not root */
    bool is_later;                      /* there is none yet: mint_reload */
};

/* Start keeper and key process.  Only as long as the program has one thread,
 * and all the rights it was given.  NULL after a message. */
struct mint *mint_start(const struct mint_options *options);

/* Have the authority's files read anew.  When they will not do, the keeper
 * says so, and the old authority stays.  Open questions are answered by the
 * new one. */
void mint_reload(struct mint *mint);

/* End both, when all clients were freed. */
void mint_stop(struct mint *mint);

/* The private key of all leaves, made by mint_start; any thread, as long as
 * the mint lives. */
gnutls_privkey_t mint_leaf_key(const struct mint *mint);

/* The client with number `index`, each of them once; it belongs to one thread.
 * A question that has no answer after `timeout` (in the units of `now` below)
 * has failed.  Leaves are valid for `seconds`. */
struct mint_client *mint_client_new(struct mint *mint, unsigned index,
                                    uint64_t timeout, unsigned seconds);

/* The same over any socket that speaks mint_wire.h; takes it over. */
struct mint_client *mint_client_over(int fd, uint64_t timeout,
                                     unsigned seconds);

/* Open questions are forgotten, without a call. */
void mint_client_free(struct mint_client *client);

/* To be watched for reading: then call mint_ready. */
int mint_client_fd(const struct mint_client *client);

/* Called from mint_ready, before any leaf of it is, when there is another
 * authority than before; `der` lives during the call. */
typedef void mint_authority_fn(void *ctx, const gnutls_datum_t *der);
void mint_client_on_authority(struct mint_client *client,
                              mint_authority_fn *fn, void *ctx);

/* Whether there is any. */
bool mint_client_has_authority(const struct mint_client *client);

/* The key process as it last said hello, and how often it was started. */
pid_t mint_client_pid(const struct mint_client *client);
unsigned mint_client_generation(const struct mint_client *client);

enum mint_result {
    MINT_OK,
    MINT_REFUSED,                       /* the authority is not valid now */
    MINT_LOST,                          /* the key process died, twice, or for
                                         * good */
    MINT_TIMEOUT
};

/* `der` (the certificate) lives during the call, and only with MINT_OK. */
struct mint_leaf {
    gnutls_datum_t der;
    time_t not_after;
};

/* The answer; may ask anew, must not free the client. */
typedef void mint_fn(void *ctx, enum mint_result result,
                     const struct mint_leaf *leaf);

/* Ask for a certificate.  False when too many questions are open, or the mint
 * is gone for good; then no call comes. */
bool mint_request(struct mint_client *client, const struct leaf_name *name,
                  uint64_t now, mint_fn *fn, void *ctx);

/* Take answers.  False when the mint is gone for good: all open questions
 * were answered with MINT_LOST, and the descriptor is to be watched no more. */
bool mint_ready(struct mint_client *client);

/* When mint_expire is due, UINT64_MAX for never. */
uint64_t mint_deadline(const struct mint_client *client);
void mint_expire(struct mint_client *client, uint64_t now);

#endif
