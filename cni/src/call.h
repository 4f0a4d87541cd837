/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUMO_CNI_CALL_H
#define KUMO_CNI_CALL_H

#include "text.h"

/* Well-known error codes of the CNI specification 1.1.0, section 5. */
enum cni_code {
	CNI_OK = 0,
	CNI_INCOMPATIBLE_VERSION = 1,
	CNI_INVALID_ENVIRONMENT = 4,
	CNI_IO_FAILURE = 5,
	CNI_DECODING_FAILURE = 6,
	CNI_INVALID_CONFIG = 7,
	CNI_TRY_AGAIN_LATER = 11,
	CNI_NOT_AVAILABLE = 50,
};

/* What the runtime asks for: its environment variables and the configuration on standard input. */
struct call {
	const char *command;
	const char *container;
	const char *netns;
	const char *interface;
	struct text config;
	/* cniVersion of the configuration; empty until it is known. */
	char version[16];
	/* Where the dataplane listens and where a DEL is left when it doesn't. The configuration may say otherwise. */
	char socket[108];
	char tombstones[256];
};

/* Reads all of it. Each refusal has been printed when it returns another code than CNI_OK. */
int call_read(struct call *call);

/* {"env": {…}, "config": {…}}: what the dataplane is asked, and what a tombstone holds. */
void call_request(const struct call *call, struct text *request);

/* Prints the specification's error object on standard output and returns the code. */
int call_refuse(const struct call *call, int code, const char *message, const char *details);

#endif
