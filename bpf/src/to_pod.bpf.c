// SPDX-License-Identifier: Apache-2.0
/* tc egress of a pod's host veth: every packet for a pod of this node, whoever sent it. */
#define HOOK HOOK_TO_POD
#define DIRECTION DIRECTION_INGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/policy.h>
#include <kumo/proxy.h>
#include <kumo/reset.h>

/* Hooks before this one mark what they forward. What comes without a mark was made by this node, if it bears its address. */
static __always_inline __u32 source_identity(const struct packet *p, __u32 mark)
{
	if (mark_is_ours(mark))
		return mark_identity(mark);
	if (mark_magic(mark) == MARK_GATEWAY_UPSTREAM)
		return IDENTITY_INGRESS;
	if (p->source == node_config.node_address)
		return IDENTITY_HOST;
	return identity_of(p->source);
}

/* Both ends get an RST: the sender's goes round by from_pod, the receiver's is what is left of the packet. Always negative. */
static __noinline int sever(struct __sk_buff *skb, const struct packet *p, const struct ct_flow *flow, __u32 mark)
{
	struct ct_flow cut = *flow;

	return reset_both(skb, p, &cut, mark, 1) ? -TRANSLATION_FAILED : -POLICY_CHANGED;
}

/* What comes back on the pod's own connections: 0 or a negative drop_reason. */
static __noinline int return_to_pod(struct __sk_buff *skb, struct packet *p, const struct endpoint_link *link, struct ct_flow *flow,
				    __u64 now)
{
	int error = enforce(link, p, flow, 0);

	if (error == -POLICY_CHANGED)
		return sever(skb, p, flow, p->slot ? MARK_TO_PROXY : mark_of(link->identity, 0));
	return error ?: follow(skb, p, flow, now);
}

/* The other side's part of connections that were opened towards this pod: 0 or a negative drop_reason. */
static __noinline int admit(struct __sk_buff *skb, struct packet *p, const struct endpoint_link *link, __u32 mark, __u64 now)
{
	struct ct_flow *known = ct_lookup(p, CT_INGRESS, now), flow = {};
	int error;

	if (known && !(known->flags & CT_REPLY && !p->quoted)) {
		error = enforce(link, p, known, link->class_number && !p->quoted ? source_identity(p, mark) : 0);
		if (error == -POLICY_CHANGED)
			return sever(skb, p, known,
				     mark_of(link->identity, MARK_REPLY | (known->flags & CT_OVERLAY ? MARK_FROM_OVERLAY : 0)));
		return error ?: ct_touch(p, known, now);
	}
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
	error = judge(link, p, &flow, flow.identity);
	if (error)
		return error;
	p->slot = flow.slot;
	if ((flow.judged || is_node_socket(p->key.source_port)) && !flow.slot && is_opening(p) && !is_proxy_upstream(mark))
		expect_at_client(p);
	return ct_open(&p->key, &flow, now, 1) ? -CT_FULL : 0;
}

/*
 * Envoy speaks for the pod to the pod itself, which a service of its own has led there. What bears its own address the pod would
 * not take from the wire; whom a pod speaks to is no policy's business if it is itself.
 */
static __noinline int turn_to_itself(struct __sk_buff *skb, struct packet *p, const struct endpoint_link *link, __u64 now)
{
	struct ct_flow *known = ct_lookup(p, CT_INGRESS, now), flow = {.identity = link->identity};

	if (known)
		return follow(skb, p, known, now);
	address_set(&flow.source, HAIRPIN_SOURCE);
	flow.destination = p->key.destination;
	flow.destination_port = p->key.destination_port;
	return open_flow(p, &flow, now) ?: translate(skb, p, &flow);
}

SEC("tc") int to_pod(struct __sk_buff *skb)
{
	__u32 ifindex = CTX(skb, ifindex), mark = CTX(skb, mark);
	__u64 now = bpf_ktime_get_ns();
	struct endpoint_link *link;
	struct ct_flow *opened;
	struct packet p;
	__be16 port;
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
		error = return_to_pod(skb, &p, link, opened, now);
		p.slot = 0; /* Envoy, if it was to, has seen it */
	} else if (is_for_proxy(&p, link->class_number) || (link->class_number && !mark && is_for_local_socket(skb, &p))) {
		return turn_round(skb, 0);
	} else {
		if (p.destination != address_v4(&link->address))
			return drop(skb, ENDPOINT_UNKNOWN);
		if (is_proxy_upstream(mark))
			expect_at_proxy(&p);
		/* The latter answers what the pod has sent to a frontend of Envoy's: only who was asked has such a socket. */
		if (mark_magic(mark) == MARK_INGRESS_UPSTREAM || mark_magic(mark) == MARK_PROXY_ACCEPTED)
			return pass(skb);
		if (is_proxy_upstream(mark) && p.source == p.destination && !p.quoted)
			error = turn_to_itself(skb, &p, link, now);
		else
			error = admit(skb, &p, link, mark, now);
	}
	if (error == -POLICY_CHANGED) { /* now an RST, for where the packet would have gone */
		count(skb, POLICY_CHANGED);
		set_mark(skb, MARK_TO_PROXY);
		return p.slot ? bpf_redirect(ifindex, BPF_F_INGRESS) : TC_ACT_OK;
	}
	if (error)
		return drop(skb, -error);
	if (!p.slot)
		return pass(skb);
	port = port_of_slot(&p, p.slot);
	return port ? turn_round(skb, port) : drop(skb, PROXY_UNAVAILABLE);
}

char _license[] SEC("license") = "GPL";
