/* SPDX-License-Identifier: Apache-2.0 */
/* Rewriting a packet to the tuple that its connection's entry holds, and opening connections with a free source port. */
#ifndef KUMO_NAT_H
#define KUMO_NAT_H

#include "config.h"
#include "ct.h"

#define PORT_ATTEMPTS 48

/* Ports that a pod's own sockets never take (its ip_local_port_range ends below), for translations on its address. */
#define POD_TRANSLATED_FIRST 49152
/* A client keeps its address but not a port that another of its connections to the same backend has: any other will do. */
#define CLIENT_TRANSLATED_FIRST 1024

static __always_inline int write_address(struct __sk_buff *skb, __u32 header, __u32 field, __be32 from, __be32 to)
{
	return bpf_l3_csum_replace(skb, header + IPH_CHECK, from, to, sizeof(to)) ||
	       bpf_skb_store_bytes(skb, header + field, &to, sizeof(to), 0);
}

static __always_inline int write_port(struct __sk_buff *skb, __u32 field, __u32 check, __u64 flags, __be16 from, __be16 to)
{
	return bpf_l4_csum_replace(skb, check, from, to, flags | sizeof(to)) ||
	       bpf_skb_store_bytes(skb, field, &to, sizeof(to), 0);
}

/* The pseudo header's share in the transport checksum: TCP and UDP have one, and a later fragment has no checksum at all. */
static __always_inline int adjust_pseudo_header(struct __sk_buff *skb, const struct packet *p, __be32 from, __be32 to)
{
	if (!p->l4)
		return 0;
	if (p->key.protocol == IPPROTO_TCP)
		return bpf_l4_csum_replace(skb, p->l4 + TCP_CHECK, from, to, BPF_F_PSEUDO_HDR | sizeof(to));
	if (p->key.protocol == IPPROTO_UDP)
		return bpf_l4_csum_replace(skb, p->l4 + UDP_CHECK, from, to,
					   BPF_F_PSEUDO_HDR | BPF_F_MARK_MANGLED_0 | sizeof(to));
	return 0;
}

static __noinline int translate_ports(struct __sk_buff *skb, const struct packet *p, const struct ct_flow *to)
{
	__be16 source = p->key.source_port, destination = p->key.destination_port;
	__u32 check = p->l4 + TCP_CHECK;
	__u64 flags = 0;

	if (p->key.protocol == IPPROTO_ICMP) {
		if (p->icmp_type == ICMP_ECHO && source != to->source_port)
			return write_port(skb, p->l4 + ICMP_ID, p->l4 + ICMP_CHECK, 0, source, to->source_port);
		if (p->icmp_type == ICMP_ECHOREPLY && destination != to->destination_port)
			return write_port(skb, p->l4 + ICMP_ID, p->l4 + ICMP_CHECK, 0, destination, to->destination_port);
		return 0;
	}
	if (p->key.protocol == IPPROTO_UDP) {
		check = p->l4 + UDP_CHECK;
		flags = BPF_F_MARK_MANGLED_0;
	} else if (p->key.protocol == IPPROTO_SCTP) { /* its checksum, a CRC, does not follow by difference */
		return source != to->source_port || destination != to->destination_port;
	} else if (p->key.protocol != IPPROTO_TCP) {
		return 0;
	}
	return (source != to->source_port && write_port(skb, p->l4, check, flags, source, to->source_port)) ||
	       (destination != to->destination_port &&
		write_port(skb, p->l4 + 2, check, flags, destination, to->destination_port));
}

/*
 * The quoted packet travelled the other way, so its source is the key's destination. Its header checksum makes up for its
 * addresses within the ICMP checksum; ports have to be entered there. The checksum of the quoted transport is left alone: it is
 * mostly cut off, and receivers don't look at it (RFC 5508, 4.2).
 */
static __noinline int translate_quoted(struct __sk_buff *skb, const struct packet *p, const struct ct_flow *to)
{
	__u32 check = p->l4 + ICMP_CHECK, ports;
	__be32 source = address_v4(&p->key.destination), destination = address_v4(&p->key.source);
	__u8 length;

	if (write_address(skb, p->quoted, IPH_SOURCE, source, address_v4(&to->destination)) ||
	    write_address(skb, p->quoted, IPH_DESTINATION, destination, address_v4(&to->source)) ||
	    bpf_skb_load_bytes(skb, p->quoted, &length, sizeof(length)))
		return -1;
	ports = p->quoted + (length & 0x0F) * 4;
	if (p->key.protocol == IPPROTO_TCP || p->key.protocol == IPPROTO_UDP)
		return write_port(skb, ports, check, 0, p->key.destination_port, to->destination_port) ||
		       write_port(skb, ports + 2, check, 0, p->key.source_port, to->source_port);
	if (p->key.protocol == IPPROTO_ICMP && p->quoted_icmp_type == ICMP_ECHO)
		return write_port(skb, ports + ICMP_ID, check, 0, p->key.destination_port, to->destination_port);
	if (p->key.protocol == IPPROTO_ICMP && p->quoted_icmp_type == ICMP_ECHOREPLY)
		return write_port(skb, ports + ICMP_ID, check, 0, p->key.source_port, to->source_port);
	return 0;
}

/* Makes the packet what its connection's entry says; 0 or -TRANSLATION_FAILED. */
static __noinline int translate(struct __sk_buff *skb, struct packet *p, const struct ct_flow *to)
{
	__be32 source = p->source, destination = p->destination;

	/* An error may come from a router in between, whose address stands for itself. */
	if (source == address_v4(&p->key.source))
		source = address_v4(&to->source);
	if (destination == address_v4(&p->key.destination))
		destination = address_v4(&to->destination);

	if (source != p->source && ((!p->quoted && adjust_pseudo_header(skb, p, p->source, source)) ||
				    write_address(skb, L3, IPH_SOURCE, p->source, source)))
		return -TRANSLATION_FAILED;
	if (destination != p->destination && ((!p->quoted && adjust_pseudo_header(skb, p, p->destination, destination)) ||
					      write_address(skb, L3, IPH_DESTINATION, p->destination, destination)))
		return -TRANSLATION_FAILED;
	if (p->quoted ? translate_quoted(skb, p, to) : p->l4 && translate_ports(skb, p, to))
		return -TRANSLATION_FAILED;

	p->source = source;
	p->destination = destination;
	p->key.source = to->source;
	p->key.destination = to->destination;
	p->key.source_port = to->source_port;
	p->key.destination_port = to->destination_port;
	return 0;
}

/* A packet of a known connection. Its entry is copied first: confirming moves it, and its memory may be another's at once. */
static __noinline int follow(struct __sk_buff *skb, struct packet *p, struct ct_flow *flow, __u64 now)
{
	struct ct_flow to = *flow;
	int error = ct_touch(p, flow, now);

	return error ?: translate(skb, p, &to);
}

static __always_inline int has_ports(const struct packet *p)
{
	return p->key.protocol == IPPROTO_TCP || p->key.protocol == IPPROTO_UDP ||
	       (p->key.protocol == IPPROTO_ICMP && p->icmp_type == ICMP_ECHO);
}

static __always_inline int in_range(const struct port_range *range, __u16 port)
{
	return port >= range->first && port <= range->last;
}

/* The n-th port of two ranges put end to end, n taken modulo their size. */
static __always_inline __u16 nth_port(const struct port_range *ranges, __u32 n)
{
	__u32 low = ranges[0].last - ranges[0].first + 1, high = ranges[1].last - ranges[1].first + 1;

	n %= low + high;
	return n < low ? ranges[0].first + n : ranges[1].first + n - low;
}

/*
 * Where to look next for a free port. TCP goes through the ports in turn, so that each rests as long as possible: its last
 * connection may still be in the peer's TIME_WAIT, which another sender's timestamps would not get past (RFC 7323, 5.5). For all
 * else the next port must not be guessed.
 */
static __always_inline __u32 next_candidate(const struct packet *p)
{
	__u32 zero = 0, *cursor;

	if (p->key.protocol == IPPROTO_TCP) {
		cursor = bpf_map_lookup_elem(&port_cursor, &zero);
		if (cursor)
			return __sync_fetch_and_add(cursor, 1);
	}
	return bpf_get_prandom_u32();
}

/*
 * Opens the connection that `p` begins in the scope its key has, with `flow` as the tuple to rewrite to. The source port stays
 * what it is if the reply's tuple is free, and if the node's own sockets cannot have it. 0 or a negative drop_reason.
 */
static __noinline int open_flow(const struct packet *p, struct ct_flow *flow, __u64 now)
{
	int on_node = p->key.scope == CT_NODE && !address_equal(&p->key.source, &flow->source);
	struct port_range ranges[2];
	__u32 attempts = has_ports(p) ? PORT_ATTEMPTS : 1;

	if (on_node) {
		ranges[0] = (struct port_range){node_config.snat_ports[0].first, node_config.snat_ports[0].last};
		ranges[1] = (struct port_range){node_config.snat_ports[1].first, node_config.snat_ports[1].last};
	} else {
		ranges[0].first = p->key.scope == CT_EGRESS ? POD_TRANSLATED_FIRST : CLIENT_TRANSLATED_FIRST;
		ranges[0].last = 60999;
		ranges[1] = (struct port_range){61000, 65535};
	}
	if (on_node && p->key.protocol == IPPROTO_ICMP && p->icmp_type != ICMP_ECHO)
		return -ICMP_UNRELATED;

	flow->flags &= ~CT_REPLY;
	flow->expires = now + ct_lifetime(p->key.protocol, flow->flags);
	flow->source_port = p->key.source_port;
	if (on_node && attempts > 1 && !in_range(&ranges[0], bpf_ntohs(flow->source_port)) &&
	    !in_range(&ranges[1], bpf_ntohs(flow->source_port)))
		flow->source_port = bpf_htons(nth_port(ranges, next_candidate(p)));
	for (__u32 i = 0; i < PORT_ATTEMPTS && i < attempts; i++) {
		if (!ct_open(&p->key, flow, now, i >= PORT_ATTEMPTS / 2 || attempts == 1))
			return 0;
		flow->source_port = bpf_htons(nth_port(ranges, next_candidate(p)));
	}
	return -SNAT_PORTS_EXHAUSTED;
}

/* A connection that leaves in the node's name. */
static __noinline int masquerade(struct __sk_buff *skb, struct packet *p, __u32 identity, __u64 now)
{
	struct ct_flow flow = {.identity = identity};

	if (p->quoted)
		return -ICMP_UNRELATED;
	address_set(&flow.source, node_config.node_address);
	flow.destination = p->key.destination;
	flow.destination_port = p->key.destination_port;
	return open_flow(p, &flow, now) ?: translate(skb, p, &flow);
}

#endif
