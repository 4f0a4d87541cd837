// SPDX-License-Identifier: Apache-2.0
/* tc ingress of a pod's host veth: everything that a pod sends. */
#define HOOK HOOK_FROM_POD
#define DIRECTION DIRECTION_EGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/refuse.h>
#include <kumo/service.h>

#define ARP_SENDER 14 /* offset of the sender's IPv4 address behind the Ethernet header */

/* A pod's neighbour is permanent, so it has no need to ask; what it says of itself must be true. */
static __always_inline int arp_from_pod(struct __sk_buff *skb, const struct endpoint_link *link)
{
	__be32 sender;

	if (bpf_skb_load_bytes(skb, L3 + ARP_SENDER, &sender, sizeof(sender)))
		return drop(skb, INVALID_PACKET);
	return sender == address_v4(&link->address) ? pass(skb) : drop(skb, SPOOFED_SOURCE);
}

/* The pod's side of its own connections: 0 or a negative drop_reason. */
static __noinline int balance(struct __sk_buff *skb, struct packet *p, __u32 identity, __u64 now)
{
	struct ct_flow *known = ct_lookup(p, CT_EGRESS, now), flow = {.identity = identity};
	struct choice choice = {};
	int result;

	if (known && is_outdated(p, known, SCOPE_INTERNAL)) {
		ct_forget(&p->key, known);
		known = NULL;
	}
	if (known)
		return follow(skb, p, known, now);

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

SEC("tc") int from_pod(struct __sk_buff *skb)
{
	__u32 ifindex = CTX(skb, ifindex), facts = 0;
	__u64 now = bpf_ktime_get_ns();
	struct endpoint_link *link;
	struct ct_flow *answered;
	struct packet p;
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
	if (p.source != address_v4(&link->address))
		return drop(skb, SPOOFED_SOURCE);

	answered = ct_lookup(&p, CT_INGRESS, now);
	if (answered && answered->flags & CT_REPLY) {
		facts = MARK_REPLY | (answered->flags & CT_OVERLAY ? MARK_FROM_OVERLAY : 0);
		error = ct_touch(&p, answered, now);
	} else {
		error = balance(skb, &p, link->identity, now);
	}
	if (error == -NO_BACKEND && refuse(skb, &p)) {
		count(skb, NO_BACKEND);
		return bpf_redirect_peer(ifindex, 0); /* a verdict on this packet, not a packet for the pod: to_pod has no say */
	}
	if (error)
		return drop(skb, -error);
	return forward(skb, &p, link, mark_of(link->identity, facts));
}

char _license[] SEC("license") = "GPL";
