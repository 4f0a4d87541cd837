// SPDX-License-Identifier: Apache-2.0
/*
 * Services at the socket: a process that connects or sends to a frontend talks to a backend from the first packet on, so
 * nothing on the wire needs translating. One decision a connection; a datagram socket that never connects keeps its backend a
 * frontend until it falls silent. What the process asks for its peer, it gets the frontend.
 *
 * A JVM's IPv4 goes through v4-mapped IPv6 sockets, hence connect6. Addresses are 16 bytes here as in all maps.
 */
#include <linux/errno.h>
#include <linux/in6.h>

#include <kumo/service.h>

#define AF_INET_FAMILY 2 /* linux/socket.h has it for the kernel only */
#define AF_INET6_FAMILY 10
#define LOOPBACK bpf_htonl(0x7F000001)
#define ALLOW 1
#define REFUSE 0
#define UDP_IDLE_NS 60000000000ULL

enum sock_nat_side {
	SIDE_FRONTEND = 0, /* key: what the process named; value: the backend that stands for it */
	SIDE_BACKEND = 1,  /* key: whom the socket talks to; value: what the process named */
} KUMO_BYTE;

struct sock_nat_key {
	__u64 cookie; /* of the socket */
	struct address address;
	__be16 port;
	enum sock_nat_side side;
	__u8 pad[5];
};

struct sock_nat_value {
	__u64 used; /* ns since boot */
	struct address address;
	__be16 port;
	__u16 pad;
	__u32 backend; /* number */
	__u32 pad_end;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct sock_nat_key);
	__type(value, struct sock_nat_value);
} sock_nat SEC(".maps");

/* Whom a socket addresses, and by what. */
struct target {
	struct address address;
	__be16 port;
	__u8 protocol;
};

static __always_inline void read4(struct bpf_sock_addr *ctx, struct target *target)
{
	__u32 *words = (__u32 *)target->address.bytes;

	words[0] = 0;
	words[1] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = ctx->user_ip4;
	target->port = ctx->user_port;
	target->protocol = ctx->protocol;
}

static __always_inline void read6(struct bpf_sock_addr *ctx, struct target *target)
{
	__u32 *words = (__u32 *)target->address.bytes;

	words[0] = ctx->user_ip6[0];
	words[1] = ctx->user_ip6[1];
	words[2] = ctx->user_ip6[2];
	words[3] = ctx->user_ip6[3];
	target->port = ctx->user_port;
	target->protocol = ctx->protocol;
}

static __always_inline void write4(struct bpf_sock_addr *ctx, const struct address *address, __be16 port)
{
	const __u32 *words = (const __u32 *)address->bytes;

	ctx->user_ip4 = words[3];
	ctx->user_port = port;
}

static __always_inline void write6(struct bpf_sock_addr *ctx, const struct address *address, __be16 port)
{
	const __u32 *words = (const __u32 *)address->bytes;

	ctx->user_ip6[0] = words[0];
	ctx->user_ip6[1] = words[1];
	ctx->user_ip6[2] = words[2];
	ctx->user_ip6[3] = words[3];
	ctx->user_port = port;
}

static __always_inline void count_refusal(void)
{
	struct metric_key key = {.reason = NO_BACKEND, .direction = DIRECTION_EGRESS, .hook = HOOK_SOCKET};
	struct metric_value first = {.packets = 1}, *value;

	value = bpf_map_lookup_elem(&metrics, &key);
	if (value)
		__sync_fetch_and_add(&value->packets, 1);
	else
		bpf_map_update_elem(&metrics, &key, &first, BPF_NOEXIST);
}

/* A client at the socket is its network namespace: the address it will send from isn't chosen yet. No unicast begins so. */
static __always_inline void client_of(struct bpf_sock_addr *ctx, struct address *client)
{
	__u64 netns = bpf_get_netns_cookie(ctx);
	__u32 *words = (__u32 *)client->bytes;

	words[0] = bpf_htonl(0xff000000);
	words[1] = 0;
	words[2] = netns >> 32;
	words[3] = netns;
}

/* Where a datagram socket's earlier datagrams to this frontend went, while that backend exists. */
static __always_inline int same_as_before(const struct sock_nat_key *key, struct target *target, __u64 now)
{
	struct sock_nat_value *before = bpf_map_lookup_elem(&sock_nat, key);
	struct backend *backend;

	if (!before || now - before->used > UDP_IDLE_NS)
		return 0;
	backend = bpf_map_lookup_elem(&backends, &before->backend);
	if (!backend || !address_equal(&backend->address, &before->address) || backend->port != before->port)
		return 0;
	before->used = now;
	target->address = backend->address;
	target->port = backend->port;
	return 1;
}

enum choice_of {
	NOTHING = 0, /* not a frontend, or one whose packets find Envoy by its address */
	BACKEND = 1, /* by its number */
	LISTENER = 2, /* of Envoy's, by its slot */
};

/* Whose connections meet no hook on their way to Envoy: not pods', the node's own. */
static __always_inline int is_of_node(struct bpf_sock_addr *ctx)
{
	return node_config.netns_cookie && bpf_get_netns_cookie(ctx) == node_config.netns_cookie;
}

/*
 * A process of the node talks to Envoy's listener itself. To it the client is the node's address, as for anybody else, and not
 * loopback, under which Envoy could reach nobody in the client's name; a process that has chosen its address keeps that.
 */
static __always_inline int choose_listener(__u32 slot, struct target *target)
{
	struct slot_port *at = bpf_map_lookup_elem(&slots, &slot);

	if (!at || !at->port)
		return -ECONNREFUSED;
	address_set(&target->address, LOOPBACK);
	target->port = at->port;
	return LISTENER;
}

static __always_inline void leave_from_node4(struct bpf_sock_addr *ctx)
{
	struct sockaddr_in from = {.sin_family = AF_INET_FAMILY, .sin_addr = {node_config.node_address}};

	bpf_bind(ctx, (struct sockaddr *)&from, sizeof(from));
}

static __always_inline void leave_from_node6(struct bpf_sock_addr *ctx)
{
	struct sockaddr_in6 from = {.sin6_family = AF_INET6_FAMILY};

	from.sin6_addr.s6_addr32[2] = bpf_htonl(0xffff);
	from.sin6_addr.s6_addr32[3] = node_config.node_address;
	bpf_bind(ctx, (struct sockaddr *)&from, sizeof(from));
}

/* A `choice_of`, or negative: there is nothing to choose from. */
static __always_inline int choose(struct bpf_sock_addr *ctx, const struct target *target, __u64 now, __u32 *number)
{
	struct frontend_key key = {.address = target->address,
				   .port = target->port,
				   .protocol = target->protocol,
				   .scope = SCOPE_INTERNAL};
	struct frontend *frontend;
	struct address client;

	if (!target->port) /* the mark of a service's address, not a port of it */
		return NOTHING;
	client_of(ctx, &client);
	for (int attempt = 0; attempt < 2; attempt++) { /* again if the set was just replaced */
		frontend = bpf_map_lookup_elem(&frontends, &key);
		if (!frontend)
			return NOTHING;
		*number = frontend->slot;
		if (frontend->slot)
			return is_of_node(ctx) ? LISTENER : NOTHING;
		if (!frontend->count)
			break;
		*number = backend_number(frontend, &client, now);
		if (*number)
			return BACKEND;
	}
	return -ECONNREFUSED;
}

static __always_inline int choose_backend_of(__u32 number, struct target *target)
{
	struct backend *backend = bpf_map_lookup_elem(&backends, &number);

	if (!backend)
		return -ECONNREFUSED;
	target->address = backend->address;
	target->port = backend->port;
	return BACKEND;
}

/* Replaces a frontend in `target` by one of its backends, or by Envoy's listener. A `choice_of`, or negative: refused. */
static __always_inline int balance(struct bpf_sock_addr *ctx, struct target *target, int datagram)
{
	struct sock_nat_key nat = {.cookie = bpf_get_socket_cookie(ctx), .address = target->address, .port = target->port};
	struct sock_nat_value value = {.used = bpf_ktime_get_ns()};
	int found;

	found = datagram && same_as_before(&nat, target, value.used);
	if (found)
		return found;
	found = choose(ctx, target, value.used, &value.backend);
	if (found <= 0)
		return found;
	found = found == LISTENER ? choose_listener(value.backend, target) : choose_backend_of(value.backend, target);
	if (found < 0)
		return found;

	if (datagram) {
		value.address = target->address;
		value.port = target->port;
		bpf_map_update_elem(&sock_nat, &nat, &value, BPF_ANY);
	}
	value.address = nat.address;
	value.port = nat.port;
	nat.address = target->address;
	nat.port = target->port;
	nat.side = SIDE_BACKEND;
	bpf_map_update_elem(&sock_nat, &nat, &value, BPF_ANY);
	return found;
}

static __always_inline int refuse(int error)
{
	count_refusal();
	bpf_set_retval(error);
	return REFUSE;
}

/* Replaces a backend in `target` by the frontend that this socket named. */
static __always_inline int restore(struct bpf_sock_addr *ctx, struct target *target)
{
	struct sock_nat_key key = {.cookie = bpf_get_socket_cookie(ctx), .port = target->port, .side = SIDE_BACKEND};
	struct sock_nat_value *named;

	key.address = target->address;
	named = bpf_map_lookup_elem(&sock_nat, &key);
	if (!named)
		return 0;
	target->address = named->address;
	target->port = named->port;
	return 1;
}

static __always_inline int forward4(struct bpf_sock_addr *ctx, int datagram)
{
	struct target target;
	int result;

	read4(ctx, &target);
	result = balance(ctx, &target, datagram);
	if (result < 0)
		return refuse(result);
	if (result == LISTENER && !datagram)
		leave_from_node4(ctx);
	if (result)
		write4(ctx, &target.address, target.port);
	return ALLOW;
}

static __always_inline int forward6(struct bpf_sock_addr *ctx, int datagram)
{
	struct target target;
	int result;

	read6(ctx, &target);
	result = balance(ctx, &target, datagram);
	if (result < 0)
		return refuse(result);
	if (result == LISTENER && !datagram)
		leave_from_node6(ctx);
	if (result)
		write6(ctx, &target.address, target.port);
	return ALLOW;
}

static __always_inline int reverse4(struct bpf_sock_addr *ctx)
{
	struct target target;

	read4(ctx, &target);
	if (restore(ctx, &target))
		write4(ctx, &target.address, target.port);
	return ALLOW;
}

static __always_inline int reverse6(struct bpf_sock_addr *ctx)
{
	struct target target;

	read6(ctx, &target);
	if (restore(ctx, &target))
		write6(ctx, &target.address, target.port);
	return ALLOW;
}

SEC("cgroup/connect4") int connect4(struct bpf_sock_addr *ctx)
{
	return forward4(ctx, 0);
}

SEC("cgroup/connect6") int connect6(struct bpf_sock_addr *ctx)
{
	return forward6(ctx, 0);
}

SEC("cgroup/sendmsg4") int sendmsg4(struct bpf_sock_addr *ctx)
{
	return forward4(ctx, 1);
}

SEC("cgroup/sendmsg6") int sendmsg6(struct bpf_sock_addr *ctx)
{
	return forward6(ctx, 1);
}

SEC("cgroup/recvmsg4") int recvmsg4(struct bpf_sock_addr *ctx)
{
	return reverse4(ctx);
}

SEC("cgroup/recvmsg6") int recvmsg6(struct bpf_sock_addr *ctx)
{
	return reverse6(ctx);
}

SEC("cgroup/getpeername4") int getpeername4(struct bpf_sock_addr *ctx)
{
	return reverse4(ctx);
}

SEC("cgroup/getpeername6") int getpeername6(struct bpf_sock_addr *ctx)
{
	return reverse6(ctx);
}

char _license[] SEC("license") = "GPL";
