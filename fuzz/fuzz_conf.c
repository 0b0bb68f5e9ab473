/* SPDX-License-Identifier: MIT */
/* fuzz_conf.c - configuration files of any bytes.  libFuzzer's -close_fd_mask=2
 * keeps it quiet. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proxy/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* conf_read takes a file, for it names files in its messages. */
static void
write_file(const char *path, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(bytes, 1, length, file) != length
        || fclose(file) != 0)
        exit(1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct conf_option options[] = {
        { "listen", "127.0.0.1:0", "--listen" },
        { "policy.action", "report", "--action" },
    };
    char path[64];

    (void)snprintf(path, sizeof(path), "fuzz-conf-%ld.conf", (long)getpid());
    write_file(path, bytes, length);
    conf_unref(conf_read(path, options, 2));
    unlink(path);
    return 0;
}
