/* SPDX-License-Identifier: MIT */
/* client_count.c - chains of clients under one lock, which is taken when a
 * connection begins and ends, never for a request. */

#include "proxy/client_count.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/fatal.h"

#define BUCKETS 4096u

struct client {
    struct client *next;
    struct net_address network;
    unsigned connections;
};

struct client_count {
    pthread_mutex_t lock;
    uint64_t secret[2];                 /* so that nobody aims at one chain */
    unsigned connections;
    struct client *buckets[BUCKETS];
};

struct client_count *
client_count_new(void)
{
    struct client_count *count = fatal_alloc(sizeof(*count));

    if (pthread_mutex_init(&count->lock, NULL) != 0
        || getrandom(count->secret, sizeof(count->secret), 0)
               != (ssize_t)sizeof(count->secret))
        fatal("no lock or no random numbers");
    return count;
}

void
client_count_free(struct client_count *count)
{
    if (count == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        while (count->buckets[i] != NULL) {
            struct client *next = count->buckets[i]->next;

            free(count->buckets[i]);
            count->buckets[i] = next;
        }
    }
    pthread_mutex_destroy(&count->lock);
    free(count);
}

static struct net_address
network_of(const struct net_address *address)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    struct net_address network = *address;

    if (memcmp(address->bytes, mapped, sizeof(mapped)) != 0)
        memset(network.bytes + 8, 0, 8);
    return network;
}

/* Where the client's link is, or would be.  Multiply-shift with secret odd
 * factors (Dietzfelbinger et al., 1997). */
static struct client **
find(struct client_count *count, const struct net_address *network)
{
    struct client **at;
    uint64_t half[2];

    memcpy(half, network->bytes, sizeof(half));
    half[0] = (half[0] ^ half[0] >> 32) * (count->secret[0] | 1);
    half[1] = (half[1] ^ half[1] >> 32) * (count->secret[1] | 1);
    at = &count->buckets[(half[0] ^ half[1]) >> 52];
    while (*at != NULL
           && memcmp((*at)->network.bytes, network->bytes,
                     sizeof(network->bytes))
                  != 0)
        at = &(*at)->next;
    return at;
}

enum client_count_answer
client_count_enter(struct client_count *count,
                   const struct net_address *address,
                   unsigned most_of_client, unsigned most)
{
    const struct net_address network = network_of(address);
    enum client_count_answer answer = CLIENT_COUNT_IN;
    struct client **at;

    pthread_mutex_lock(&count->lock);
    at = find(count, &network);
    if (count->connections >= most) {
        answer = CLIENT_COUNT_FULL;
    } else if (*at != NULL && (*at)->connections >= most_of_client) {
        answer = CLIENT_COUNT_CLIENT_FULL;
    } else {
        if (*at == NULL) {
            *at = fatal_alloc(sizeof(**at));
            (*at)->network = network;
        }
        (*at)->connections++;
        count->connections++;
    }
    pthread_mutex_unlock(&count->lock);
    return answer;
}

unsigned
client_count_total(struct client_count *count)
{
    unsigned total;

    pthread_mutex_lock(&count->lock);
    total = count->connections;
    pthread_mutex_unlock(&count->lock);
    return total;
}

void
client_count_leave(struct client_count *count,
                   const struct net_address *address)
{
    const struct net_address network = network_of(address);
    struct client **at;
    struct client *client;

    pthread_mutex_lock(&count->lock);
    at = find(count, &network);
    client = *at;
    if (client != NULL) {
        count->connections--;
        if (--client->connections == 0) {
            *at = client->next;
            free(client);
        }
    }
    pthread_mutex_unlock(&count->lock);
}
