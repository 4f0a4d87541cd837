// SPDX-License-Identifier: Apache-2.0
/* tc egress of a pod's host veth: every packet for a pod of this node, whoever sent it. */
#define HOOK HOOK_TO_POD
#define DIRECTION DIRECTION_INGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>

/* Hooks before this one mark what they forward. What comes without a mark was made by this node, if it bears its address. */
static __always_inline __u32 source_identity(const struct packet *p, __u32 mark)
{
	if (mark_is_ours(mark))
		return mark_identity(mark);
	if (p->source == node_config.node_address)
		return IDENTITY_HOST;
	return identity_of(p->source);
}

/* The other side's part of connections that were opened towards this pod: 0 or a negative drop_reason. */
static __noinline int admit(struct packet *p, __u32 mark, __u64 now)
{
	struct ct_flow *known = ct_lookup(p, CT_INGRESS, now), flow = {};

	if (known && !(known->flags & CT_REPLY && !p->quoted))
		return ct_touch(p, known, now);
	if (p->quoted)
		return -ICMP_UNRELATED;
	flow.identity = source_identity(p, mark);
	if (flow.identity == IDENTITY_UNASSIGNED)
		return -IDENTITY_UNKNOWN;
	flow.source = p->key.source;
	flow.destination = p->key.destination;
	flow.destination_port = p->key.destination_port;
	flow.source_port = p->key.source_port;
	flow.flags = mark & MARK_FROM_OVERLAY ? CT_OVERLAY : 0;
	flow.expires = now + ct_lifetime(p->key.protocol, flow.flags);
	return ct_open(&p->key, &flow, now, 1) ? -CT_FULL : 0;
}

SEC("tc") int to_pod(struct __sk_buff *skb)
{
	__u32 ifindex = CTX(skb, ifindex);
	__u64 now = bpf_ktime_get_ns();
	struct endpoint_link *link;
	struct ct_flow *opened;
	struct packet p;
	int error;

	link = bpf_map_lookup_elem(&endpoint_links, &ifindex);
	if (!link)
		return drop(skb, ENDPOINT_UNKNOWN);
	if (CTX(skb, protocol) == bpf_htons(ETH_P_ARP))
		return pass(skb);
	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return drop(skb, UNSUPPORTED_PROTOCOL);
	error = read_packet(skb, &p, HOOK);
	if (error)
		return drop(skb, -error);

	opened = ct_lookup(&p, CT_EGRESS, now);
	if (opened && (opened->flags & CT_REPLY)) {
		error = follow(skb, &p, opened, now);
		if (error)
			return drop(skb, -error);
		return pass(skb);
	}
	if (p.destination != address_v4(&link->address))
		return drop(skb, ENDPOINT_UNKNOWN);
	error = admit(&p, CTX(skb, mark), now);
	return error ? drop(skb, -error) : pass(skb);
}

char _license[] SEC("license") = "GPL";
