// SPDX-License-Identifier: Apache-2.0
/*
 * kumo-cni: what the container runtime calls. It checks what it is given, passes it to the node's dataplane and prints the
 * answer. Without a dataplane only DEL succeeds: it leaves a tombstone, which the dataplane carries out when it is back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "dataplane.h"
#include "file.h"
#include "json.h"

#define DEFAULT_SOCKET "/run/kumo/cni.sock"
#define DEFAULT_TOMBSTONES "/var/lib/kumo/tombstones"

static bool is_command(const struct call *call, const char *name)
{
	return strcmp(call->command, name) == 0;
}

static int print_versions(const struct call *call)
{
	printf("{\"cniVersion\":\"%s\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n",
	       call->version[0] ? call->version : "1.1.0");
	return CNI_OK;
}

/* An ADD waits for the pod's identity; DEL leaves a tombstone rather than hold up the end of a pod. */
static long patience_milliseconds(const struct call *call)
{
	if (is_command(call, "ADD") || is_command(call, "GC"))
		return 60000;
	return is_command(call, "STATUS") ? 5000 : 20000;
}

static int leave_tombstone(const struct call *call, const struct text *request)
{
	char name[160];

	snprintf(name, sizeof(name), "%s-%s", call->container, call->interface);
	if (file_make_directories(call->tombstones) == 0 &&
	    file_write(call->tombstones, name, request, 0600) == 0)
		return CNI_OK;
	return call_refuse(call, CNI_IO_FAILURE, "the dataplane is down and no tombstone can be left", strerror(errno));
}

static int without_answer(const struct call *call, const struct text *request, const char *why)
{
	if (is_command(call, "DEL"))
		return leave_tombstone(call, request);
	if (is_command(call, "STATUS"))
		return call_refuse(call, CNI_NOT_AVAILABLE, "the node's dataplane is not available", why);
	return call_refuse(call, CNI_TRY_AGAIN_LATER, "the node's dataplane is not available, try again later", why);
}

/* {"exit": 0..255, "output": {…} or null} */
static int print_answer(const struct call *call, const struct text *answer)
{
	struct json_span status, output;
	int code;

	if (!json_member(answer->bytes, answer->length, "exit", &status) || !json_small_number(status, &code) ||
	    !json_member(answer->bytes, answer->length, "output", &output))
		return call_refuse(call, CNI_DECODING_FAILURE, "the dataplane's answer has another shape", NULL);
	if (output.start[0] == '{') {
		fwrite(output.start, 1, output.length, stdout);
		fputc('\n', stdout);
	}
	return code;
}

static int ask(const struct call *call)
{
	struct text request = { 0 };
	struct text answer = { 0 };
	const char *why;
	int code;

	call_request(call, &request);
	if (request.failed)
		code = call_refuse(call, CNI_IO_FAILURE, "out of memory", NULL);
	else if (dataplane_ask(call->socket, &request, patience_milliseconds(call), &answer, &why) ==
		 DATAPLANE_ANSWERED)
		code = print_answer(call, &answer);
	else
		code = without_answer(call, &request, why);
	text_free(&request);
	text_free(&answer);
	return code;
}

static int run_command(void)
{
	struct call call = { .socket = DEFAULT_SOCKET, .tombstones = DEFAULT_TOMBSTONES };
	int code = call_read(&call);

	if (code == CNI_OK)
		code = is_command(&call, "VERSION") ? print_versions(&call) : ask(&call);
	text_free(&call.config);
	return code;
}

int main(int argc, char **argv)
{
	int code;

	if ((argc == 3 || argc == 4) && strcmp(argv[1], "install") == 0)
		return file_install(argv[2], argc == 4 ? argv[3] : NULL);
	if (argc == 3 && strcmp(argv[1], "uninstall") == 0)
		return file_uninstall(argv[2]);
	if (argc != 1) {
		fputs("usage: kumo-cni (called by a container runtime, see the CNI specification)\n"
		      "       kumo-cni install DIRECTORY [PROGRAM]\n"
		      "       kumo-cni uninstall DIRECTORY\n",
		      stderr);
		return EXIT_FAILURE;
	}
	code = run_command();
	if (fflush(stdout) != 0 && code == CNI_OK)
		code = CNI_IO_FAILURE;
	return code;
}
