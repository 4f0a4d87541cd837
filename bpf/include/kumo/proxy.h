/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way to Envoy and back. A connection under L7 rules is handed to Envoy's listener of its slot as if it were for this node;
 * Envoy goes on in the client's name, so what comes back must be caught: `proxy_flows` knows it.
 */
#ifndef KUMO_PROXY_H
#define KUMO_PROXY_H

#include "config.h"
#include "drop.h"
#include "forward.h"
#include "reset.h"

/* Of the kernel's own types what is read here; libbpf finds where it is. */
struct sock_common {
	__u32 skc_tw_rcv_nxt;
} __attribute__((preserve_access_index));

struct inet_timewait_sock {
	struct sock_common __tw_common;
} __attribute__((preserve_access_index));

struct tcp_timewait_sock {
	struct inet_timewait_sock tw_sk;
} __attribute__((preserve_access_index));

#define LOOPBACK bpf_htonl(0x7F000001)

/* Source ports of the node's own sockets, Envoy's among them; pods' own have others. */
#define NODE_SOCKET_FIRST 49152
#define NODE_SOCKET_LAST 60999

static __always_inline int is_node_socket(__be16 port)
{
	return bpf_ntohs(port) >= NODE_SOCKET_FIRST && bpf_ntohs(port) <= NODE_SOCKET_LAST;
}

static __always_inline __u32 mark_magic(__u32 mark)
{
	return mark & MARK_MAGIC_MASK;
}

/* Envoy in somebody's name. */
static __always_inline int is_proxy_upstream(__u32 mark)
{
	return mark_magic(mark) == MARK_INGRESS_UPSTREAM || mark_magic(mark) == MARK_EGRESS_UPSTREAM;
}

/* Envoy speaks for a client on the LAN. No answer to that address would come here: it must leave in the node's name. */
static __always_inline int is_lan_client(const struct packet *p, __u32 mark)
{
	return mark_magic(mark) == MARK_EGRESS_UPSTREAM && !in_cluster_range(p->source) && p->source != node_config.node_address;
}

/* Envoy's packets that bear an address which is not the node's. */
static __always_inline int is_proxy_mark(__u32 mark)
{
	return is_proxy_upstream(mark) || mark_magic(mark) == MARK_PROXY_ACCEPTED;
}

/* Envoy sends: its peer's packets will be for it. */
static __noinline void expect_at_proxy(const struct packet *p)
{
	struct proxy_flow back = {.source = p->destination,
				  .destination = p->source,
				  .source_port = p->key.destination_port,
				  .destination_port = p->key.source_port};
	__u8 one = 1;

	if (p->key.protocol == IPPROTO_TCP && !p->quoted && !bpf_map_lookup_elem(&proxy_flows, &back))
		bpf_map_update_elem(&proxy_flows, &back, &one, BPF_ANY);
}

static __noinline int is_expected_at_proxy(const struct packet *p)
{
	struct proxy_flow flow = {.source = p->source,
				  .destination = p->destination,
				  .source_port = p->key.source_port,
				  .destination_port = p->key.destination_port};

	return p->key.protocol == IPPROTO_TCP && bpf_map_lookup_elem(&proxy_flows, &flow);
}

/* As is_expected_at_proxy(), where that is worth looking: at pods with policy, and wherever Envoy's port is spoken to. */
static __always_inline int is_for_proxy(const struct packet *p, __u32 class_number)
{
	return (class_number || is_node_socket(p->key.destination_port)) && is_expected_at_proxy(p);
}

/* A process of this node answers Envoy: that leaves for the pod whose name Envoy bears, and passed no hook before. */
static __noinline int is_for_local_socket(struct __sk_buff *skb, const struct packet *p)
{
	struct bpf_sock_tuple tuple = {.ipv4 = {.saddr = p->source,
						.daddr = p->destination,
						.sport = p->key.source_port,
						.dport = p->key.destination_port}};
	struct bpf_sock *socket;
	int found;

	if (p->key.protocol != IPPROTO_TCP || p->quoted || !p->l4)
		return 0;
	socket = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!socket)
		return 0;
	found = socket->state != BPF_TCP_LISTEN && socket->dst_ip4 == p->source;
	bpf_sk_release(socket);
	return found;
}

/* A client begins a connection of its own with a port that Envoy had used in its name. */
static __noinline void expect_at_client(const struct packet *p)
{
	struct proxy_flow back = {.source = p->destination,
				  .destination = p->source,
				  .source_port = p->key.destination_port,
				  .destination_port = p->key.source_port};

	bpf_map_delete_elem(&proxy_flows, &back);
}

/* Up the stack, which takes the packet for its own because of the mark, and finds the socket. */
static __always_inline int hand_to_proxy(struct __sk_buff *skb)
{
	set_mark(skb, MARK_TO_PROXY);
	return pass(skb);
}

/* From a pod's egress hook to the ingress hook of the same link: only there can a packet be given to a socket. */
static __always_inline int turn_round(struct __sk_buff *skb, __be16 port)
{
	set_mark(skb, MARK_TO_PROXY | (__u32)port << 16);
	count(skb, FORWARDED);
	return bpf_redirect(CTX(skb, ifindex), BPF_F_INGRESS);
}

/* Where Envoy listens for a slot; 0: nowhere. */
static __always_inline __be16 port_of_slot(const struct packet *p, __u32 slot)
{
	struct slot_port *at = bpf_map_lookup_elem(&slots, &slot);

	return at && p->key.protocol == IPPROTO_TCP ? at->port : 0;
}

/*
 * A SYN for a connection that Envoy has closed, and that rests in TIME-WAIT. The stack lets a newer SYN end the rest (RFC 9293,
 * 3.6.1), but looks for a listener at the SYN's own address, where there is none; given to Envoy's listener it would meet the
 * tuple taken, and vanish (inet_ehash_insert). So the rest is ended in the client's name: the packet becomes an RST, and a copy
 * of the SYN comes round behind it. An older SYN, and one that comes round in vain, is for the stack to answer.
 */
static __noinline int reopen(struct __sk_buff *skb, const struct packet *p, __be16 port, __u32 expected)
{
	struct reset end = {.source = p->source,
			    .destination = p->destination,
			    .source_port = p->key.source_port,
			    .destination_port = p->key.destination_port,
			    .sequence = bpf_htonl(expected)};
	__be32 sequence = 0;

	if (CTX(skb, mark) & MARK_REOPENING || !p->plain || !port)
		return hand_to_proxy(skb);
	if (bpf_skb_load_bytes(skb, p->l4 + 4, &sequence, sizeof(sequence)) || (__s32)(bpf_ntohl(sequence) - expected) <= 0)
		return hand_to_proxy(skb);
	set_mark(skb, MARK_TO_PROXY | MARK_REOPENING | (__u32)port << 16);
	if (bpf_clone_redirect(skb, CTX(skb, ifindex), BPF_F_INGRESS) || write_reset(skb, &end))
		return drop(skb, PROXY_UNAVAILABLE);
	return hand_to_proxy(skb);
}

/* To the socket that Envoy has for this connection, or to its listener at `port`. Nobody there: nothing passes. */
static __noinline int give_to_proxy(struct __sk_buff *skb, const struct packet *p, __be16 port)
{
	struct bpf_sock_tuple tuple = {.ipv4 = {.saddr = p->source,
						.daddr = p->destination,
						.sport = p->key.source_port,
						.dport = p->key.destination_port}};
	struct tcp_timewait_sock *resting;
	struct bpf_sock *socket;
	__u32 expected = 0;
	long error;

	if (!p->l4) /* a later fragment: the stack puts it to the others */
		return hand_to_proxy(skb);
	socket = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	resting = socket ? bpf_skc_to_tcp_timewait_sock(socket) : NULL;
	if (resting) {
		expected = resting->tw_sk.__tw_common.skc_tw_rcv_nxt;
		bpf_sk_release(socket);
		return is_opening(p) ? reopen(skb, p, port, expected) : hand_to_proxy(skb);
	}
	if (socket && socket->state == BPF_TCP_LISTEN) {
		bpf_sk_release(socket);
		socket = NULL;
	}
	if (!socket) {
		tuple.ipv4.daddr = LOOPBACK;
		tuple.ipv4.dport = port;
		socket = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
		if (!socket)
			return drop(skb, PROXY_UNAVAILABLE);
		if (socket->state != BPF_TCP_LISTEN) {
			bpf_sk_release(socket);
			return drop(skb, PROXY_UNAVAILABLE);
		}
	}
	error = bpf_sk_assign(skb, socket, 0);
	bpf_sk_release(socket);
	return error ? drop(skb, PROXY_UNAVAILABLE) : hand_to_proxy(skb);
}

#endif
