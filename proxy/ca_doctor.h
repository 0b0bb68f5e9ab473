/* SPDX-License-Identifier: MIT */
/* ca_doctor.h - examines an authority, and says what to do. */

#ifndef CA_DOCTOR_H
#define CA_DOCTOR_H

#include <stdbool.h>
#include <time.h>

/* Examine the authority in the folder `dir` as of `now`; one line for each
 * check on standard output, and below what failed a line that says what to do.
 * True when nothing is wrong. */
bool ca_doctor(const char *dir, time_t now);

#endif
