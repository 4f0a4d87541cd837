// SPDX-License-Identifier: Apache-2.0
/*
 * One byte there, one byte back, over TCP: as server, or as clients in a closed loop.
 *
 *   load serve PORT
 *   load http PORT                               answers each HTTP/1.1 request, all alike, on connections that stay open
 *   load connect SECONDS CLIENTS ADDRESS:PORT…   each time a new connection
 *   load ask SECONDS CLIENTS ADDRESS:PORT…       on connections that stay open, one a client
 *
 * Clients take the targets in turn, each beginning with another one. Printed is one JSON object: rate (answers a second), p50_us, p99_us (of one
 * connection or question), answers, failures. An attempt fails after two seconds, or with an error.
 *
 *   load steady MILLISECONDS ADDRESS:PORT        a connection every so often, whatever becomes of the others, until its standard input ends;
 *                                               prints asked, lost, gap_ms, pause_ms. Lost is what isn't answered within 900 ms: its first SYN was not.
 *                                               The gap is the longest time between the beginnings of two that were answered in turn, pause_ms
 *                                               that between any two: what the program itself was late.
 *   load each ADDRESS:PORT…                      one connection to each of them; prints answers and failures
 *   load until ADDRESS:PORT                      a connection after the other until a byte is answered; prints CLOCK_MONOTONIC then, in ns
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define QUESTION '?'
#define PATIENCE_S 2
#define ATTEMPT_MS 3
#define LOST_NS 900000000ULL /* before a SYN is sent again */
#define SERVERS 2
#define MAX_CLIENTS 1024

static struct sockaddr_in *targets;
static int target_count;
static int keeps; /* connections stay open */
static int speaks_http;
static unsigned char matched[65536]; /* by descriptor: how much of the end of a request's head its last bytes were */
static atomic_int ended;

struct client {
	pthread_t thread;
	int number;
	uint32_t *nanos;
	size_t answers, room, failures;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void set(int fd, int level, int option)
{
	int on = 1;

	setsockopt(fd, level, option, &on, sizeof(on));
}

static void serve_readable(int fd)
{
	char byte;
	ssize_t got = recv(fd, &byte, 1, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got != 1 || send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
		close(fd);
}

/* Requests have no body. */
static void serve_http(int fd)
{
	static const char head_end[] = "\r\n\r\n", answer[] = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nblue\n";
	char bytes[16384];
	ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), i;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	for (i = 0; i < got; i++) {
		matched[fd] = bytes[i] == head_end[matched[fd]] ? matched[fd] + 1 : bytes[i] == '\r';
		if (matched[fd] < 4)
			continue;
		matched[fd] = 0;
		if (send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL) < 0)
			got = 0;
	}
	if (got <= 0)
		close(fd);
}

static void *serve(void *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uintptr_t)port)};
	struct epoll_event event = {.events = EPOLLIN}, events[64];
	int listener = socket(AF_INET, SOCK_STREAM, 0), set_of = epoll_create1(0), i, ready;

	set(listener, SOL_SOCKET, SO_REUSEADDR);
	set(listener, SOL_SOCKET, SO_REUSEPORT);
	set(listener, IPPROTO_TCP, TCP_NODELAY); /* what it accepts inherits that */
	if (bind(listener, (void *)&address, sizeof(address)) || listen(listener, 4096))
		fail("listen");
	event.data.fd = listener;
	epoll_ctl(set_of, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		ready = epoll_wait(set_of, events, 64, -1);
		for (i = 0; i < ready; i++) {
			if (events[i].data.fd != listener) {
				(speaks_http ? serve_http : serve_readable)(events[i].data.fd);
				continue;
			}
			event.data.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
			if (event.data.fd < 0)
				continue;
			if (event.data.fd >= (int)sizeof(matched)) {
				close(event.data.fd);
				continue;
			}
			matched[event.data.fd] = 0;
			epoll_ctl(set_of, EPOLL_CTL_ADD, event.data.fd, &event);
		}
	}
	return NULL;
}

/*
 * Its close is an RST. While the server's end is in TIME_WAIT, a new connection from the same port by another Service would look like an
 * old one's there: where the destination is translated behind the client's back, its timestamps go by the Service's address, and the server
 * drops the SYN.
 */
static void leave_nothing(int fd)
{
	struct linger none = {.l_onoff = 1};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

/* Opens a connection; -1 with errno if that fails. */
static int open_connection(const struct sockaddr_in *target)
{
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	set(fd, IPPROTO_TCP, TCP_NODELAY);
	leave_nothing(fd);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!connect(fd, (const void *)target, sizeof(*target)))
		return fd;
	close(fd);
	return -1;
}

static int answered(int fd)
{
	char byte = QUESTION;

	return send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, 0) == 1;
}

static void record(struct client *c, uint64_t nanos)
{
	if (c->answers == c->room) {
		c->room = c->room ? c->room * 2 : 4096;
		c->nanos = realloc(c->nanos, c->room * sizeof(*c->nanos));
		if (!c->nanos)
			fail("realloc");
	}
	c->nanos[c->answers++] = nanos > UINT32_MAX ? UINT32_MAX : nanos;
}

static void *work(void *argument)
{
	struct client *c = argument;
	int turn = c->number, fd = -1, good;
	uint64_t begun;

	while (!ended) {
		begun = now();
		if (fd < 0)
			fd = open_connection(&targets[turn++ % target_count]);
		good = fd >= 0 && answered(fd);
		if (good) {
			record(c, now() - begun);
		} else {
			c->failures++;
			usleep(1000); /* a refusal is no load */
		}
		if (fd >= 0 && (!keeps || !good)) {
			close(fd);
			fd = -1;
		}
	}
	return NULL;
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int ascending_times(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void report(struct client *clients, int count, double seconds)
{
	size_t answers = 0, failures = 0, at = 0;
	uint32_t *all;
	int i;

	for (i = 0; i < count; i++) {
		answers += clients[i].answers;
		failures += clients[i].failures;
	}
	all = malloc(answers * sizeof(*all) + 1);
	for (i = 0; i < count; i++) {
		memcpy(all + at, clients[i].nanos, clients[i].answers * sizeof(*all));
		at += clients[i].answers;
	}
	qsort(all, answers, sizeof(*all), ascending);
	printf("{\"rate\": %.1f, \"p50_us\": %.2f, \"p99_us\": %.2f, \"answers\": %zu, \"failures\": %zu}\n", answers / seconds,
	       answers ? all[answers / 2] / 1e3 : 0, answers ? all[answers * 99 / 100] / 1e3 : 0, answers, failures);
}

static void read_targets(int count, char **words)
{
	int i;

	targets = calloc(count, sizeof(*targets));
	target_count = count;
	for (i = 0; i < count; i++) {
		char *colon = strchr(words[i], ':');

		if (colon)
			*colon = 0;
		targets[i].sin_family = AF_INET;
		targets[i].sin_port = htons(colon ? atoi(colon + 1) : 0);
		if (!colon || inet_pton(AF_INET, words[i], &targets[i].sin_addr) != 1) {
			fprintf(stderr, "no ADDRESS:PORT: %s\n", words[i]);
			exit(2);
		}
	}
}

static int ask_each(void)
{
	int i, fd, failures = 0;

	for (i = 0; i < target_count; i++) {
		fd = open_connection(&targets[i]);
		failures += fd < 0 || !answered(fd);
		if (fd >= 0)
			close(fd);
	}
	printf("{\"answers\": %d, \"failures\": %d}\n", target_count - failures, failures);
	return 0;
}

/* Attempts of a few milliseconds each: an unanswered SYN would come again after a second only. */
static int until_answered(void)
{
	struct timespec pause = {.tv_nsec = 1000000};
	struct pollfd waited;
	char byte;
	int fd;

	for (;;) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		leave_nothing(fd);
		waited = (struct pollfd){.fd = fd, .events = POLLOUT};
		if (!connect(fd, (void *)targets, sizeof(*targets)) || errno == EINPROGRESS) {
			byte = QUESTION;
			if (poll(&waited, 1, ATTEMPT_MS) == 1 && send(fd, &byte, 1, MSG_NOSIGNAL) == 1) {
				waited.events = POLLIN;
				if (poll(&waited, 1, ATTEMPT_MS * 10) == 1 && recv(fd, &byte, 1, 0) == 1) {
					printf("%llu\n", (unsigned long long)now());
					return 0;
				}
			}
		}
		close(fd);
		nanosleep(&pause, NULL);
	}
}

struct attempt {
	uint64_t begun;
	int fd, asked;
};

/* Whether an attempt has been answered, has failed (-1) or goes on (0). */
static int go_on(struct attempt *a, short events)
{
	char byte = QUESTION;

	if (!a->asked && events & (POLLOUT | POLLERR | POLLHUP)) {
		a->asked = 1;
		return send(a->fd, &byte, 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
	}
	if (a->asked && events & (POLLIN | POLLERR | POLLHUP))
		return recv(a->fd, &byte, 1, MSG_DONTWAIT) == 1 ? 1 : -1;
	return 0;
}

static int keep_asking(unsigned milliseconds)
{
	static struct attempt attempts[MAX_CLIENTS];
	static struct pollfd waited[MAX_CLIENTS + 1];
	static uint64_t answered_begun[1 << 20]; /* beginnings of those that were answered, in the order of the answers */
	uint64_t period = milliseconds * 1000000ULL, start = now(), next = start, previous = start, gap = 0, pause = 0, first, last;
	size_t asked = 0, lost = 0, answers = 0, open = 0, i, kept;
	int stopping = 0, outcome;

	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("started");
	while (!stopping || open) {
		if (!stopping && now() >= next && open < MAX_CLIENTS) {
			attempts[open] = (struct attempt){.begun = now(), .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
			connect(attempts[open++].fd, (void *)targets, sizeof(*targets));
			asked++;
			next += period;
			first = attempts[open - 1].begun;
			if (first - previous > pause)
				pause = first - previous;
			previous = first;
		}
		for (i = 0; i < open; i++)
			waited[i] = (struct pollfd){.fd = attempts[i].fd, .events = attempts[i].asked ? POLLIN : POLLOUT};
		waited[open] = (struct pollfd){.fd = stopping ? -1 : STDIN_FILENO, .events = POLLIN};
		poll(waited, open + 1, 1);
		stopping |= !!waited[open].revents;
		for (i = 0, kept = 0; i < open; i++) {
			outcome = go_on(&attempts[i], waited[i].revents);
			if (!outcome && now() - attempts[i].begun > LOST_NS)
				outcome = -1;
			if (!outcome) {
				attempts[kept++] = attempts[i];
				continue;
			}
			close(attempts[i].fd);
			if (outcome < 0)
				lost++;
			else if (answers < sizeof(answered_begun) / sizeof(*answered_begun))
				answered_begun[answers++] = attempts[i].begun;
		}
		open = kept;
	}
	qsort(answered_begun, answers, sizeof(*answered_begun), ascending_times);
	for (i = 0, last = start; i < answers; i++, last = first) {
		first = answered_begun[i];
		if (first - last > gap)
			gap = first - last;
	}
	printf("{\"asked\": %zu, \"lost\": %zu, \"gap_ms\": %.1f, \"pause_ms\": %.1f}\n", asked, lost, gap / 1e6, pause / 1e6);
	return 0;
}

static int load(double seconds, int count)
{
	struct client *clients = calloc(count, sizeof(*clients));
	uint64_t begun = now();
	int i;

	for (i = 0; i < count; i++) {
		clients[i].number = i;
		if (pthread_create(&clients[i].thread, NULL, work, &clients[i]))
			fail("pthread_create");
	}
	usleep(seconds * 1e6);
	ended = 1;
	for (i = 0; i < count; i++)
		pthread_join(clients[i].thread, NULL);
	report(clients, count, (now() - begun) / 1e9);
	return 0;
}

int main(int argc, char **argv)
{
	int i, count;

	signal(SIGPIPE, SIG_IGN);
	if (argc == 3 && !strcmp(argv[1], "until")) {
		read_targets(1, argv + 2);
		return until_answered();
	}
	if (argc == 4 && !strcmp(argv[1], "steady")) {
		read_targets(1, argv + 3);
		return keep_asking(atoi(argv[2]));
	}
	if (argc >= 3 && !strcmp(argv[1], "each")) {
		read_targets(argc - 2, argv + 2);
		return ask_each();
	}
	if (argc == 3 && (!strcmp(argv[1], "serve") || !strcmp(argv[1], "http"))) {
		pthread_t thread;

		speaks_http = !strcmp(argv[1], "http");
		for (i = 0; i < SERVERS; i++)
			if (pthread_create(&thread, NULL, serve, (void *)(uintptr_t)atoi(argv[2])))
				fail("pthread_create");
		pthread_join(thread, NULL);
		return 0;
	}
	if (argc < 5 || (strcmp(argv[1], "connect") && strcmp(argv[1], "ask"))) {
		fprintf(stderr, "usage: load serve|http PORT | load steady MILLISECONDS ADDRESS:PORT |\n"
				"            load each ADDRESS:PORT... | load until ADDRESS:PORT | load connect|ask SECONDS CLIENTS ADDRESS:PORT...\n");
		return 2;
	}
	keeps = !strcmp(argv[1], "ask");
	count = atoi(argv[3]);
	if (count < 1 || count > MAX_CLIENTS) {
		fprintf(stderr, "1 to %d clients\n", MAX_CLIENTS);
		return 2;
	}
	read_targets(argc - 4, argv + 4);
	return load(atof(argv[2]), count);
}
