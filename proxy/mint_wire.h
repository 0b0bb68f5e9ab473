/* SPDX-License-Identifier: MIT */
/* mint_wire.h - what clients and key process say to each other: packets of a
 * SOCK_SEQPACKET socket, in the byte order of the machine that both run on. */

#ifndef MINT_WIRE_H
#define MINT_WIRE_H

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "proxy/leaf_name.h"

/* Longest certificate; a name of 253 bytes makes about 900. */
#define MINT_WIRE_MAX_DER 4096

/* Longest validity that can be asked for. */
#define MINT_WIRE_MAX_SECONDS (90U * 86400U)

/* A question; `name` without a NUL up to the packet's end. */
struct mint_ask {
    uint32_t number;
    uint32_t seconds;
    char name[LEAF_NAME_SIZE];
};

#define MINT_ASK_HEAD offsetof(struct mint_ask, name)

enum mint_word {
    MINT_WORD_HELLO,                    /* number: of this start, from 1; der:
                                         * of the authority */
    MINT_WORD_LEAF,                     /* number: of the question */
    MINT_WORD_NONE                      /* no certificate for this question */
};

/* An answer; `der` up to the packet's end. */
struct mint_answer {
    uint32_t word;
    uint32_t number;
    int64_t value;                      /* LEAF: end of validity; HELLO: pid */
    uint8_t der[MINT_WIRE_MAX_DER];
};

#define MINT_ANSWER_HEAD offsetof(struct mint_answer, der)

/* What keeper and key process need. */
struct mint_bench {
    const char *state_dir;
    uid_t owner;                        /* of the files, if not root */
    int *sockets;                       /* one for each client */
    unsigned count;
    int control;                        /* any packet: read the files anew */
    gnutls_pubkey_t subject;            /* the leaves' public key */
    pid_t parent;                       /* davyd */
};

/* Be the keeper: does not return.  Unless `is_later` the files must be there,
 * and good, at once. */
_Noreturn void mint_keeper_run(const struct mint_bench *bench, bool is_later);

/* Be the key process number `generation`, with the authority in these open
 * files: does not return.  Ends with MINT_SERVER_DONE when no client is
 * left, with MINT_SERVER_BROKEN after a message when the files will not do,
 * with MINT_SERVER_NONSENSE when a client does not keep to the above, with
 * MINT_SERVER_AGAIN when the files are to be read anew. */
_Noreturn void mint_server_run(const struct mint_bench *bench,
                               int certificate_file, int key_file,
                               unsigned generation);

enum {
    MINT_SERVER_DONE = 0,
    MINT_SERVER_BROKEN = 2,
    MINT_SERVER_NONSENSE = 3,
    MINT_SERVER_AGAIN = 4,
    MINT_SERVER_ILL = 5                 /* the system fails it */
};

#endif
