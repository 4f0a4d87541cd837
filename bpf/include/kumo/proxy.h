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

/* To the socket that Envoy has for this connection, or to its listener at `port`. Nobody there: nothing passes. */
static __noinline int give_to_proxy(struct __sk_buff *skb, const struct packet *p, __be16 port)
{
	struct bpf_sock_tuple tuple = {.ipv4 = {.saddr = p->source,
						.daddr = p->destination,
						.sport = p->key.source_port,
						.dport = p->key.destination_port}};
	struct bpf_sock *socket;
	long error;

	if (!p->l4) /* a later fragment: the stack puts it to the others */
		return hand_to_proxy(skb);
	socket = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (socket && (socket->state == BPF_TCP_LISTEN || socket->state == BPF_TCP_TIME_WAIT)) {
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
