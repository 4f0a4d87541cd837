/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts, each counted. A source file defines HOOK and DIRECTION before it includes anything. */
#ifndef KUMO_DROP_H
#define KUMO_DROP_H

#include "packet.h"

static __noinline void count(struct __sk_buff *skb, enum drop_reason reason)
{
	struct metric_key key = {.reason = reason, .direction = DIRECTION, .hook = HOOK};
	struct metric_value first = {.packets = 1, .bytes = CTX(skb, len)}, *value;

	value = bpf_map_lookup_elem(&metrics, &key);
	if (value) { /* this CPU's own: no atomic needed */
		value->packets += 1;
		value->bytes += first.bytes;
	} else {
		bpf_map_update_elem(&metrics, &key, &first, BPF_NOEXIST);
	}
}

static __always_inline int drop(struct __sk_buff *skb, enum drop_reason reason)
{
	count(skb, reason);
	return TC_ACT_SHOT;
}

/* On to where the packet was going anyway. */
static __always_inline int pass(struct __sk_buff *skb)
{
	count(skb, FORWARDED);
	return TC_ACT_OK;
}

#endif
