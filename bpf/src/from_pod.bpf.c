// SPDX-License-Identifier: Apache-2.0
/* tc ingress of a pod's host veth: everything that a pod sends. */
#define HOOK HOOK_FROM_POD
#define DIRECTION DIRECTION_EGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/policy.h>
#include <kumo/redirect.h>
#include <kumo/refuse.h>

#define ARP_SENDER 14 /* offset of the sender's IPv4 address behind the Ethernet header */

/* A pod's neighbour is permanent, so it has no need to ask; what it says of itself must be true. */
static __always_inline int arp_from_pod(struct __sk_buff *skb, const struct endpoint_link *link)
{
	__be32 sender;

	if (bpf_skb_load_bytes(skb, L3 + ARP_SENDER, &sender, sizeof(sender)))
		return drop(skb, INVALID_PACKET);
	return sender == address_v4(&link->address) ? pass(skb) : drop(skb, SPOOFED_SOURCE);
}

/* Both ends get an RST: what goes on comes by here again, the pod's is what is left of the packet. Always negative. */
static __noinline int sever(struct __sk_buff *skb, struct packet *p, struct ct_flow *flow, __u32 mark)
{
	return reset_both(skb, p, flow, p->slot ? MARK_TO_PROXY : mark, 0) ? -TRANSLATION_FAILED : -POLICY_CHANGED;
}

/* The other side's connections, of which this is a reply; one of Envoy's to the pod itself is translated. 0 or a negative drop_reason. */
static __noinline int answer(struct __sk_buff *skb, struct packet *p, const struct endpoint_link *link, struct ct_flow *flow,
			     __u64 now)
{
	int error = enforce(link, p, flow, 0);
	struct ct_flow cut;

	if (error != -POLICY_CHANGED)
		return error ?: follow(skb, p, flow, now);
	cut = *flow;
	return sever(skb, p, &cut, mark_of(link->identity, MARK_REPLY | (cut.flags & CT_OVERLAY ? MARK_FROM_OVERLAY : 0)));
}

/*
 * Whether Envoy serves what the pod speaks to: 1, 0 or a negative drop_reason. The pod's own egress policy is asked first, about
 * one of the Service's backends as it would be without Envoy, about identity ingress where there is none. L7 rules of that policy
 * go before: Envoy judges by them, and the Service's backends are balanced as everywhere.
 */
static __noinline int is_served_by_proxy(struct __sk_buff *skb, struct packet *p, const struct endpoint_link *link)
{
	struct frontend *frontend = frontend_of(p, SCOPE_INTERNAL);
	struct ct_flow flow = {.identity = link->identity};
	struct backend_slot slot = {};
	struct backend *backend = NULL;
	__u32 *number;
	int error;

	if (!frontend || !is_redirected(skb, p, frontend))
		return 0;
	slot.set = frontend->set;
	number = frontend->count ? bpf_map_lookup_elem(&backend_sets, &slot) : NULL;
	if (number)
		backend = bpf_map_lookup_elem(&backends, number);
	flow.source = p->key.source;
	address_set(&flow.destination, node_config.ingress_address);
	flow.destination_port = p->key.destination_port;
	if (backend) {
		flow.destination = backend->address;
		flow.destination_port = backend->port;
	}
	error = judge(link, p, &flow, 0);
	if (error)
		return error;
	if (flow.slot)
		return backend ? 0 : -POLICY_DENIED;
	p->slot = frontend->slot;
	return 1;
}

/* The pod's side of its own connections: 0, 1 if Envoy has them, or a negative drop_reason. */
static __noinline int balance(struct __sk_buff *skb, struct packet *p, const struct endpoint_link *link, __u64 now)
{
	struct ct_flow *known = ct_lookup(p, CT_EGRESS, now), flow = {.identity = link->identity};
	struct choice choice = {};
	int result;

	if (known && is_outdated(p, known, SCOPE_INTERNAL)) {
		ct_forget(&p->key, known);
		known = NULL;
	}
	if (known) {
		result = enforce(link, p, known, 0);
		if (result != -POLICY_CHANGED)
			return result ?: follow(skb, p, known, now);
		flow = *known;
		return sever(skb, p, &flow, mark_of(link->identity, 0));
	}

	result = p->quoted ? 0 : is_served_by_proxy(skb, p, link);
	if (result)
		return result;
	result = choose_backend(p, SCOPE_INTERNAL, now, &choice);
	if (result < 0)
		return result;
	if (p->quoted)
		return -ICMP_UNRELATED;
	flow.source = p->key.source;
	flow.destination = p->key.destination;
	flow.destination_port = p->key.destination_port;
	if (result) {
		flow.backend = choice.backend;
		flow.destination = choice.address;
		flow.destination_port = choice.port;
		if (address_equal(&choice.address, &p->key.source))
			address_set(&flow.source, HAIRPIN_SOURCE);
	}
	result = judge(link, p, &flow, 0);
	if (result)
		return result;
	p->slot = flow.slot;
	result = open_flow(p, &flow, now);
	return result ?: translate(skb, p, &flow);
}

static __always_inline int forward(struct __sk_buff *skb, const struct packet *p, const struct endpoint_link *link, __u32 mark)
{
	__be32 destination = p->destination;
	struct endpoint *endpoint;
	struct peer *peer;

	/* What a pod says to its hairpin address is for itself. */
	endpoint = endpoint_of(destination == HAIRPIN_SOURCE ? address_v4(&link->address) : destination);
	if (endpoint)
		return deliver(skb, endpoint, mark & ~MARK_FROM_OVERLAY);
	if (is_ingress(destination))
		return deliver_to_ingress(skb, p, mark);
	if (in_pod_range(destination))
		return drop(skb, ENDPOINT_UNKNOWN);
	peer = peer_of(destination);
	if (mark & MARK_FROM_OVERLAY || (peer && in_cluster_range(destination) && node_config.routing_mode == ROUTING_VXLAN)) {
		if (!peer || !peer->tunnel)
			return drop(skb, peer ? NO_TUNNEL : IDENTITY_UNKNOWN);
		if (!peer->identity)
			return drop(skb, IDENTITY_UNKNOWN);
		return encapsulate(skb, mark & ~MARK_FROM_OVERLAY);
	}
	if (in_cluster_range(destination) && (!peer || !peer->identity))
		return drop(skb, IDENTITY_UNKNOWN);
	return hand_up(skb, mark);
}

/* What to_pod of the same link has sent here: for Envoy, or an RST in the pod's name. No pod can set a mark. */
static __always_inline int forward_turned(struct __sk_buff *skb, const struct packet *p, const struct endpoint_link *link,
					  __u32 mark)
{
	bpf_skb_change_type(skb, PACKET_HOST); /* its link address is the pod's */
	if (mark_is_ours(mark))
		return forward(skb, p, link, mark);
	return mark >> 16 ? give_to_proxy(skb, p, mark >> 16) : hand_to_proxy(skb);
}

SEC("tc") int from_pod(struct __sk_buff *skb)
{
	__u32 ifindex = CTX(skb, ifindex), mark = CTX(skb, mark), facts = 0;
	__u64 now = bpf_ktime_get_ns();
	struct endpoint_link *link;
	struct ct_flow *answered;
	struct packet p;
	__be16 port;
	int error;

	link = bpf_map_lookup_elem(&endpoint_links, &ifindex);
	if (!link)
		return drop(skb, ENDPOINT_UNKNOWN);
	if (CTX(skb, protocol) == bpf_htons(ETH_P_ARP))
		return arp_from_pod(skb, link);
	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return drop(skb, UNSUPPORTED_PROTOCOL);
	error = read_packet(skb, &p, HOOK);
	if (error)
		return drop(skb, -error);
	if (mark_is_ours(mark) || mark_magic(mark) == MARK_TO_PROXY)
		return forward_turned(skb, &p, link, mark);
	if (p.source != address_v4(&link->address))
		return drop(skb, SPOOFED_SOURCE);
	if (is_for_proxy(&p, link->class_number))
		return hand_to_proxy(skb);

	answered = ct_lookup(&p, CT_INGRESS, now);
	if (answered && answered->flags & CT_REPLY) {
		facts = MARK_REPLY | (answered->flags & CT_OVERLAY ? MARK_FROM_OVERLAY : 0);
		error = answer(skb, &p, link, answered, now);
		if (!error && p.destination == p.source && is_for_proxy(&p, link->class_number))
			return hand_to_proxy(skb); /* which has spoken for the pod to itself */
		p.slot = 0; /* that is the other side's */
	} else {
		error = balance(skb, &p, link, now);
	}
	if (error == -POLICY_CHANGED || (error == -NO_BACKEND && refuse(skb, &p))) {
		if (error == -POLICY_CHANGED)
			answer_link(skb);
		count(skb, -error);
		return bpf_redirect_peer(ifindex, 0); /* a verdict on this packet, not a packet for the pod: to_pod has no say */
	}
	if (error < 0)
		return drop(skb, -error);
	if (error)
		return redirect(skb, &p);
	if (!p.slot)
		return forward(skb, &p, link, mark_of(link->identity, facts));
	port = port_of_slot(&p, p.slot);
	return port ? give_to_proxy(skb, &p, port) : drop(skb, PROXY_UNAVAILABLE);
}

char _license[] SEC("license") = "GPL";
