/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUMO_CNI_DATAPLANE_H
#define KUMO_CNI_DATAPLANE_H

#include "text.h"

enum dataplane_result {
	DATAPLANE_ANSWERED,
	/* Nobody listens. */
	DATAPLANE_DOWN,
	/* It took the request but didn't answer it, or not whole: whether it was carried out is unknown. */
	DATAPLANE_SILENT,
};

/*
 * Sends the request to the unix socket at `path`, ends its side, and reads the answer until the dataplane ends its own.
 * Waits a second for the connection, `patience` milliseconds in all. `why` is a sentence when it didn't answer.
 */
enum dataplane_result dataplane_ask(const char *path, const struct text *request, long patience, struct text *answer,
				    const char **why);

#endif
