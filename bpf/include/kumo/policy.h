/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pod's class says of its connections. Each entry of a connection keeps by which class and revision it was judged; the
 * first packet after a change has it judged again.
 */
#ifndef KUMO_POLICY_H
#define KUMO_POLICY_H

#include "ct.h"
#include "forward.h"

#define POLICY_KEY_BITS 64

/* A class and its revision in one number, never 0: that is an unrestricted pod's. */
static __always_inline __u64 policy_stamp(__u32 number, const struct policy_class *class)
{
	return 1ULL << 63 | ((__u64)number << 40 ^ class->revision);
}

/* The type of the ICMP message that opened a connection; all but echo have their reply one above (RFC 792, RFC 950). */
static __always_inline __u8 icmp_request(__u8 reply)
{
	return reply ? reply - 1 : ICMP_ECHO;
}

/* Echo requests have connections of their own; of all other types two hosts share one, so each message is looked at. */
static __always_inline int is_shared(const struct packet *p)
{
	return p->key.protocol == IPPROTO_ICMP && p->icmp_type != ICMP_ECHO && p->icmp_type != ICMP_ECHOREPLY;
}

/* What a pod says to itself, by whatever service, is nobody else's business. */
static __always_inline int is_hairpin(const struct endpoint_link *link, const struct packet *p, const struct ct_flow *flow)
{
	const struct address *other = flow->flags & CT_REPLY ? &p->key.destination : &p->key.source;

	if (p->key.scope == CT_EGRESS)
		return address_equal(&flow->destination, &p->key.source);
	return flow->identity == link->identity && address_v4(other) == HAIRPIN_SOURCE;
}

/* The slot, or a negative drop_reason. */
static __noinline __s64 policy_find(__u32 class_number, struct policy_key *key)
{
	void *policy = bpf_map_lookup_elem(&policies, &class_number);
	struct policy_entry *entry;

	if (!policy)
		return -POLICY_UNKNOWN;
	key->prefix_length = POLICY_KEY_BITS;
	entry = bpf_map_lookup_elem(policy, key);
	if (!entry) {
		key->identity = 0;
		entry = bpf_map_lookup_elem(policy, key);
	}
	if (!entry || entry->flags & POLICY_DENY)
		return -POLICY_DENIED;
	return entry->slot;
}

/* Asks as the connection's first packet would have been asked about. */
static __noinline __s64 policy_verdict(const struct endpoint_link *link, const struct policy_class *class, const struct packet *p,
				       const struct ct_flow *flow)
{
	int reply = flow->flags & CT_REPLY;
	struct policy_key key = {.identity = flow->identity, .protocol = p->key.protocol};

	if (p->key.scope == CT_EGRESS) {
		key.direction = DIRECTION_EGRESS;
		key.identity = identity_of(address_v4(reply ? &p->key.source : &flow->destination));
		if (!(class->flags & CLASS_ENFORCE_EGRESS))
			return 0;
	} else {
		key.direction = DIRECTION_INGRESS;
		/* The node must reach its pods, to see whether they live. */
		if (!(class->flags & CLASS_ENFORCE_INGRESS) || flow->identity == IDENTITY_HOST)
			return 0;
	}
	if (is_hairpin(link, p, flow))
		return 0;
	if (key.identity == IDENTITY_UNASSIGNED)
		return -IDENTITY_UNKNOWN;
	if (p->key.protocol == IPPROTO_ICMP)
		key.port = bpf_htons(reply ? icmp_request(p->icmp_type) : p->icmp_type);
	else
		key.port = reply ? p->key.source_port : flow->destination_port;
	return policy_find(link->class_number, &key);
}

/*
 * Whether the connection may be, new or known: 0 or a negative drop_reason; the entry learns what was found. `sender` is who
 * sent this packet if it can tell more than the entry, else 0. An ICMP error goes where the connection goes that it reports on.
 */
static __noinline int judge(const struct endpoint_link *link, const struct packet *p, struct ct_flow *flow, __u32 sender)
{
	__u32 number = link->class_number;
	struct policy_class *class;
	__u64 stamp = 0;
	__s64 slot = 0;

	if (number) {
		class = bpf_map_lookup_elem(&classes, &number);
		if (!class)
			return -POLICY_UNKNOWN;
		stamp = policy_stamp(number, class);
	}
	if (p->quoted || (flow->judged == stamp && !is_shared(p) && (!sender || flow->identity == sender)))
		return flow->flags & CT_DENIED ? -POLICY_DENIED : 0;
	if (sender)
		flow->identity = sender;
	if (number)
		slot = policy_verdict(link, class, p, flow);
	if (slot < 0 && slot != -POLICY_DENIED)
		return slot;
	if (slot < 0) {
		flow->flags |= CT_DENIED;
	} else {
		flow->slot = slot;
		flow->flags &= ~CT_DENIED;
	}
	flow->judged = stamp; /* last: another CPU reads the rest by it */
	return slot < 0 ? slot : 0;
}

static __noinline int enforce_class(const struct endpoint_link *link, struct packet *p, struct ct_flow *flow, __u32 sender)
{
	int error;

	p->slot = flow->slot;
	error = judge(link, p, flow, sender);
	if (error || flow->slot == p->slot || p->tcp_flags & TCP_RST)
		return error;
	if (flow->flags & CT_ANSWERED && !is_opening(p))
		return -POLICY_CHANGED;
	p->slot = flow->slot;
	return 0;
}

/*
 * A known connection's packet: as judge() has it, or -POLICY_CHANGED if an open connection would have to go on in another
 * place, which none can. p->slot is where it is.
 */
static __always_inline int enforce(const struct endpoint_link *link, struct packet *p, struct ct_flow *flow, __u32 sender)
{
	return link->class_number || flow->judged ? enforce_class(link, p, flow, sender) : 0;
}

#endif
