// SPDX-License-Identifier: Apache-2.0
#include "dataplane.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "json.h"

#define CONNECT_MILLISECONDS 1000
#define ANSWER_LIMIT (4 * 1024 * 1024)

/* A unix socket's connect() either succeeds or fails at once, but for a full backlog (EAGAIN): that is waited out. */
static int connect_until(int descriptor, const struct sockaddr_un *address, long deadline)
{
	while (connect(descriptor, (const struct sockaddr *)address, sizeof(*address)) != 0) {
		if (errno == EISCONN)
			return 0;
		if ((errno != EAGAIN && errno != EINTR) || now_milliseconds() >= deadline)
			return -1;
		poll(NULL, 0, 10);
	}
	return 0;
}

static int send_until(int descriptor, const struct text *request, long deadline)
{
	size_t sent = 0;

	while (sent < request->length) {
		struct pollfd ready = { .fd = descriptor, .events = POLLOUT };
		long left = deadline - now_milliseconds();
		ssize_t count;

		if (left <= 0)
			return -1;
		if (poll(&ready, 1, (int)left) <= 0)
			continue;
		count = send(descriptor, request->bytes + sent, request->length - sent, MSG_NOSIGNAL);
		if (count < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (count > 0)
			sent += (size_t)count;
	}
	return shutdown(descriptor, SHUT_WR);
}

static enum dataplane_result exchange(int descriptor, const struct text *request, long deadline, struct text *answer,
				      const char **why)
{
	/* A refused send may follow an answer that is already there: the answer counts. */
	int sent = send_until(descriptor, request, deadline);

	switch (text_read_all(answer, descriptor, ANSWER_LIMIT, deadline)) {
	case TEXT_READ_END:
		if (json_valid_object(answer->bytes, answer->length))
			return DATAPLANE_ANSWERED;
		*why = sent == 0 ? "the dataplane ended without an answer" : "the dataplane took no request";
		return DATAPLANE_SILENT;
	case TEXT_READ_TIMEOUT:
		*why = "the dataplane didn't answer in time";
		return DATAPLANE_SILENT;
	default:
		*why = "the dataplane's answer cannot be read";
		return DATAPLANE_SILENT;
	}
}

enum dataplane_result dataplane_ask(const char *path, const struct text *request, long patience, struct text *answer,
				    const char **why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	enum dataplane_result result;
	long start = now_milliseconds();
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*why = NULL;
	if (descriptor < 0) {
		*why = strerror(errno);
		return DATAPLANE_DOWN;
	}
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (connect_until(descriptor, &address, start + CONNECT_MILLISECONDS) != 0) {
		*why = strerror(errno);
		close(descriptor);
		return DATAPLANE_DOWN;
	}
	result = exchange(descriptor, request, start + patience, answer, why);
	close(descriptor);
	return result;
}
