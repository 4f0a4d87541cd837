/* SPDX-License-Identifier: Apache-2.0 */
/* From a service's address to one of its backends. */
#ifndef KUMO_SERVICE_H
#define KUMO_SERVICE_H

#include "config.h"
#include "ct.h"

/* An affine client is sought in so many slots of a set that has changed; in a larger one it may be balanced anew. */
#define AFFINITY_SLOTS 1024

struct choice {
	struct address address;
	__be16 port;
	__u8 flags;
	__u8 pad;
	__u32 backend;
};

struct slot_search {
	__u32 set;
	__u32 backend;
	__u32 index;
	__u32 found;
};

static long slot_compare(__u32 index, struct slot_search *search)
{
	struct backend_slot slot = {.set = search->set, .index = index};
	__u32 *number = bpf_map_lookup_elem(&backend_sets, &slot);

	if (!number || *number != search->backend)
		return 0;
	search->index = index;
	search->found = 1;
	return 1;
}

/* The client's former backend, if its time is not over and the set still has it: a draining backend has left the set. */
static __noinline __u32 affine_backend(const struct frontend *frontend, const struct affinity_key *key, __u64 now)
{
	struct affinity_value *last = bpf_map_lookup_elem(&affinity, key);
	struct slot_search search = {.set = frontend->set};
	struct backend_slot slot = {.set = frontend->set};
	__u32 *number;

	if (!last || now - last->used > frontend->affinity_seconds * SECONDS)
		return 0;
	slot.index = last->index;
	number = bpf_map_lookup_elem(&backend_sets, &slot);
	search.backend = last->backend;
	if (number && *number == search.backend)
		return search.backend;
	bpf_loop(frontend->count < AFFINITY_SLOTS ? frontend->count : AFFINITY_SLOTS, slot_compare, &search, 0);
	if (!search.found)
		return 0;
	last->index = search.index;
	return search.backend;
}

/* 0: none, which only a set that is being replaced can give. */
static __noinline __u32 backend_number(const struct frontend *frontend, const struct address *client, __u64 now)
{
	struct backend_slot slot = {.set = frontend->set};
	struct affinity_key key = {.client = *client, .service = frontend->service};
	struct affinity_value value = {.used = now};
	__u32 *number, affine;

	if (frontend->flags & FRONTEND_AFFINITY) {
		affine = affine_backend(frontend, &key, now);
		if (affine)
			return affine;
	}
	slot.index = bpf_get_prandom_u32() % frontend->count;
	number = bpf_map_lookup_elem(&backend_sets, &slot);
	if (!number)
		return 0;
	value.backend = *number;
	value.index = slot.index;
	if (frontend->flags & FRONTEND_AFFINITY)
		bpf_map_update_elem(&affinity, &key, &value, BPF_ANY);
	return value.backend;
}

static __noinline int source_allowed(const struct frontend *frontend, const struct packet *p)
{
	struct source_range_key key = {.prefix_length = 32 + 128, .service = frontend->service, .address = p->key.source};

	return !!bpf_map_lookup_elem(&source_ranges, &key);
}

static __always_inline struct frontend *frontend_of(const struct packet *p, enum frontend_scope scope)
{
	struct frontend_key key = {.address = p->key.destination,
				   .port = p->key.destination_port,
				   .protocol = p->key.protocol,
				   .scope = scope};

	return bpf_map_lookup_elem(&frontends, &key);
}

/* 1: `choice` is set. 0: the destination is no service's. Negative: a drop_reason, of which NO_BACKEND is to be answered. */
static __noinline int choose_backend(const struct packet *p, enum frontend_scope scope, __u64 now, struct choice *choice)
{
	struct frontend_key address = {.address = p->key.destination, .scope = scope};
	struct frontend *frontend;
	struct backend *backend;

	if (!p->quoted) {
		for (int attempt = 0; attempt < 2; attempt++) { /* again if the set was just replaced */
			frontend = frontend_of(p, scope);
			if (!frontend)
				break;
			if (frontend->flags & FRONTEND_SOURCE_RANGES && !source_allowed(frontend, p))
				return -SOURCE_RANGE_DENIED;
			if (!frontend->count)
				return -NO_BACKEND;
			choice->backend = backend_number(frontend, &p->key.source, now);
			backend = bpf_map_lookup_elem(&backends, &choice->backend);
			if (!backend)
				continue;
			choice->address = backend->address;
			choice->port = backend->port;
			choice->flags = backend->flags;
			return 1;
		}
		if (frontend)
			return -NO_BACKEND;
	}
	return bpf_map_lookup_elem(&frontends, &address) ? -VIP_UNKNOWN_PORT : 0;
}

/*
 * Whether a known connection is to be looked at as a new one: its backend is gone (TCP is left to its peer unless it begins), or
 * it was opened before its destination became a service and nobody has answered.
 */
static __noinline int is_outdated(const struct packet *p, const struct ct_flow *flow, enum frontend_scope scope)
{
	__u32 number = flow->backend;

	if (p->quoted || flow->flags & CT_REPLY || (p->key.protocol == IPPROTO_TCP && !is_opening(p)))
		return 0;
	if (number)
		return !bpf_map_lookup_elem(&backends, &number);
	return !(flow->flags & CT_ANSWERED) && frontend_of(p, scope);
}

#endif
