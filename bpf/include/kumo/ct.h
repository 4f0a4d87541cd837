/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections. Each is a pair of entries, one per direction, keyed by the tuple as that direction's packets arrive and holding
 * the tuple to rewrite to. An entry's twin is found by computation: the reverse of its rewritten tuple, with the same scope.
 * A pair is born in `ct_pending`, which a flood may turn over, and moves to `ct` with its first reply.
 */
#ifndef KUMO_CT_H
#define KUMO_CT_H

#include <linux/errno.h>

#include "packet.h"

#define SECONDS 1000000000ULL
#define LIFETIME_TCP_UNANSWERED (60 * SECONDS)
#define LIFETIME_UNANSWERED (30 * SECONDS)
#define LIFETIME_TCP (8000 * SECONDS)
#define LIFETIME_TCP_CLOSED (10 * SECONDS)
#define LIFETIME_UDP (60 * SECONDS)
#define LIFETIME_OTHER (30 * SECONDS)

#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC 1
#endif

static __always_inline void ct_twin_key(const struct ct_key *key, const struct ct_flow *flow, struct ct_key *twin)
{
	twin->source = flow->destination;
	twin->destination = flow->source;
	twin->source_port = flow->destination_port;
	twin->destination_port = flow->source_port;
	twin->protocol = key->protocol;
	twin->scope = key->scope;
	twin->pad = 0;
}

static __always_inline void ct_twin_flow(const struct ct_key *key, const struct ct_flow *flow, struct ct_flow *twin)
{
	twin->expires = flow->expires;
	twin->source = key->destination;
	twin->destination = key->source;
	twin->source_port = key->destination_port;
	twin->destination_port = key->source_port;
	twin->backend = flow->backend;
	twin->identity = flow->identity;
	twin->flags = (flow->flags ^ CT_REPLY) & ~CT_FIN;
	twin->slot = flow->slot;
	twin->judged = flow->judged;
}

static __always_inline int ct_key_equal(const struct ct_key *a, const struct ct_key *b)
{
	return address_equal(&a->source, &b->source) && address_equal(&a->destination, &b->destination) &&
	       a->source_port == b->source_port && a->destination_port == b->destination_port && a->protocol == b->protocol &&
	       a->scope == b->scope;
}

static __always_inline struct ct_flow *ct_entry_of(const struct ct_key *key)
{
	struct ct_entry *entry = bpf_map_lookup_elem(&ct, key);

	if (entry)
		return &entry->flow;
	return bpf_map_lookup_elem(&ct_pending, key);
}

static __noinline void ct_forget(const struct ct_key *key, const struct ct_flow *flow)
{
	struct ct_key twin;

	ct_twin_key(key, flow, &twin);
	bpf_map_delete_elem(&ct, key);
	bpf_map_delete_elem(&ct, &twin);
	bpf_map_delete_elem(&ct_pending, key);
	bpf_map_delete_elem(&ct_pending, &twin);
}

/* A pair lives as long as either direction does: traffic one way keeps the other's entry, too. */
static __noinline int ct_expired(const struct ct_key *key, const struct ct_flow *flow, __u64 now)
{
	struct ct_flow *other;
	struct ct_key twin;

	if (flow->expires > now)
		return 0;
	ct_twin_key(key, flow, &twin);
	other = ct_entry_of(&twin);
	return !other || other->expires <= now;
}

static __noinline struct ct_flow *ct_find(const struct ct_key *key, __u64 now)
{
	struct ct_flow *flow = ct_entry_of(key);

	if (!flow)
		return NULL;
	if (!ct_expired(key, flow, now))
		return flow;
	ct_forget(key, flow);
	return NULL;
}

/* The connection of this packet in one scope. A SYN on a closed one begins anew. */
static __always_inline struct ct_flow *ct_lookup(struct packet *p, enum ct_scope scope, __u64 now)
{
	struct ct_flow *flow;

	p->key.scope = scope;
	flow = ct_find(&p->key, now);
	if (flow && flow->flags & CT_CLOSED && !(flow->flags & CT_REPLY) && is_opening(p)) {
		ct_forget(&p->key, flow);
		return NULL;
	}
	return flow;
}

/* Frees a pair whose time is over, else sleeps until it may be. */
static int ct_reclaim(void *map, struct ct_key *key, struct ct_entry *entry)
{
	__u64 now = bpf_ktime_get_ns(), end = entry->flow.expires;
	struct ct_entry *other;
	struct ct_key twin;

	ct_twin_key(key, &entry->flow, &twin);
	other = bpf_map_lookup_elem(&ct, &twin);
	if (other && other->flow.expires > end)
		end = other->flow.expires;
	if (end > now) {
		bpf_timer_start(&entry->timer, end - now, 0);
		return 0;
	}
	bpf_map_delete_elem(&ct, &twin);
	bpf_map_delete_elem(&ct, key);
	return 0;
}

static __always_inline __u64 ct_lifetime(__u8 protocol, __u32 flags)
{
	if (protocol == IPPROTO_TCP) {
		if (flags & CT_CLOSED)
			return LIFETIME_TCP_CLOSED;
		return flags & CT_ANSWERED ? LIFETIME_TCP : LIFETIME_TCP_UNANSWERED;
	}
	if (!(flags & CT_ANSWERED))
		return LIFETIME_UNANSWERED;
	return protocol == IPPROTO_UDP ? LIFETIME_UDP : LIFETIME_OTHER;
}

/* One half into `ct`. Two CPUs may see a first reply at once: who comes second finds the work done. */
static __always_inline int ct_insert(const struct ct_key *key, const struct ct_entry *entry)
{
	long error = bpf_map_update_elem(&ct, key, entry, BPF_NOEXIST);

	return error && error != -EEXIST;
}

/* First reply, or a sign of it: the pair moves from `ct_pending` to `ct`, and its end is set. Either direction's entry will do. */
static __noinline int ct_confirm(const struct ct_key *key, const struct ct_flow *pending, __u64 now)
{
	struct ct_entry entry = {.flow = *pending}, *original;
	__u64 lifetime = ct_lifetime(key->protocol, CT_ANSWERED);
	int reply = pending->flags & CT_REPLY;
	struct ct_key twin;

	entry.flow.flags |= CT_ANSWERED;
	entry.flow.expires = now + lifetime;
	ct_twin_key(key, &entry.flow, &twin);
	if (ct_insert(key, &entry))
		return -CT_FULL;
	ct_twin_flow(key, &entry.flow, &entry.flow); /* in place: there is little room on a BPF stack */
	if (ct_insert(&twin, &entry)) {
		bpf_map_delete_elem(&ct, key);
		return -CT_FULL;
	}
	original = bpf_map_lookup_elem(&ct, reply ? &twin : key);
	if (original && !bpf_timer_init(&original->timer, &ct, CLOCK_MONOTONIC)) {
		bpf_timer_set_callback(&original->timer, ct_reclaim);
		bpf_timer_start(&original->timer, lifetime, 0);
	}
	bpf_map_delete_elem(&ct_pending, key);
	bpf_map_delete_elem(&ct_pending, &twin);
	return 0;
}

static __always_inline void ct_end(const struct ct_key *key, __u64 now)
{
	struct ct_entry *entry = bpf_map_lookup_elem(&ct, key);

	if (!entry)
		return;
	entry->flow.flags |= CT_CLOSED;
	entry->flow.expires = now + LIFETIME_TCP_CLOSED;
	if (!(entry->flow.flags & CT_REPLY))
		bpf_timer_start(&entry->timer, LIFETIME_TCP_CLOSED, 0);
}

/*
 * FIN from both sides, or RST from one: the pair is over within seconds instead of hours. What Envoy answers in a pod's name
 * does not pass the pod's link: there the client's FIN must do.
 */
static __noinline void ct_close(const struct packet *p, struct ct_flow *flow, __u64 now)
{
	struct ct_flow *other;
	struct ct_key twin;

	ct_twin_key(&p->key, flow, &twin);
	if (!(p->tcp_flags & TCP_RST) && !(flow->slot && p->key.scope == CT_INGRESS)) {
		flow->flags |= CT_FIN;
		other = ct_entry_of(&twin);
		if (!other || !(other->flags & CT_FIN))
			return;
	}
	ct_end(&p->key, now);
	ct_end(&twin, now);
}

/* The reply's half of an unanswered pair may have been evicted on its own. */
static __noinline void ct_restore_twin(const struct ct_key *key, const struct ct_flow *flow)
{
	struct ct_flow other;
	struct ct_key twin;

	ct_twin_key(key, flow, &twin);
	if (bpf_map_lookup_elem(&ct_pending, &twin))
		return;
	ct_twin_flow(key, flow, &other);
	bpf_map_update_elem(&ct_pending, &twin, &other, BPF_NOEXIST);
}

/* An acknowledgement of Envoy's answer, which nobody sees here, is as good as that. */
static __always_inline int is_first_reply(const struct packet *p, const struct ct_flow *flow)
{
	return flow->flags & CT_REPLY || (flow->slot && p->key.scope == CT_INGRESS && !is_opening(p));
}

/* A packet of a known connection: 0 or a negative drop_reason. An ICMP error is not part of what it reports on. */
static __noinline int ct_touch(const struct packet *p, struct ct_flow *flow, __u64 now)
{
	__u64 expires;

	if (p->quoted)
		return 0;
	if (!(flow->flags & CT_ANSWERED)) {
		if (is_first_reply(p, flow) && !(p->tcp_flags & TCP_RST))
			return ct_confirm(&p->key, flow, now);
		flow->expires = now + ct_lifetime(p->key.protocol, flow->flags);
		ct_restore_twin(&p->key, flow);
		return 0;
	}
	if (p->tcp_flags & (TCP_FIN | TCP_RST) && !(flow->flags & CT_CLOSED))
		ct_close(p, flow, now);
	expires = now + ct_lifetime(p->key.protocol, flow->flags);
	if (expires > flow->expires + SECONDS) /* a busy connection dirties its line once a second */
		flow->expires = expires;
	return 0;
}

/*
 * Opens a pair if the reply's tuple is free; `key` and `flow` are the original direction's. The tuple of a connection that is
 * over is given away only to who asks for it. 0 or -EEXIST.
 *
 * Not static: the verifier then proves it once on its own (hence the test for NULL) instead of once a call, of which the search
 * for a port has many.
 */
__noinline int ct_open(const struct ct_key *key, const struct ct_flow *flow, __u64 now, int reuse)
{
	struct ct_flow reply, *taken;
	struct ct_key twin, owner;

	if (!key || !flow)
		return -EINVAL;
	ct_twin_key(key, flow, &twin);
	taken = ct_find(&twin, now);
	if (taken) {
		ct_twin_key(&twin, taken, &owner);
		if (!ct_key_equal(&owner, key) && !(reuse && taken->flags & CT_CLOSED))
			return -EEXIST;
		ct_forget(&twin, taken);
	}
	ct_twin_flow(key, flow, &reply);
	if (bpf_map_update_elem(&ct_pending, &twin, &reply, BPF_NOEXIST))
		return -EEXIST;
	if (bpf_map_lookup_elem(&ct, &twin)) { /* confirmed between the two lines above, by its owner */
		bpf_map_delete_elem(&ct_pending, &twin);
		return -EEXIST;
	}
	bpf_map_update_elem(&ct_pending, key, flow, BPF_ANY);
	return 0;
}

#endif
