// SPDX-License-Identifier: Apache-2.0
/* tc ingress of the LAN device: what the node's network sends to the node, its pods and the services it answers for. */
#define HOOK HOOK_FROM_NETDEV
#define DIRECTION DIRECTION_INGRESS

#include <kumo/announcement.h>
#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/redirect.h>
#include <kumo/refuse.h>
#include <kumo/service.h>

enum destination {
	AS_IT_IS = 0,
	TRANSLATED = 1,
	FOR_PROXY = 2, /* by the listener of p->slot */
};

/* What the stack does when it forwards; here for packets that go from node to node without it. */
static __noinline int age(struct __sk_buff *skb)
{
	__u8 word[2]; /* TTL and protocol, the word that the checksum sees */
	__be16 from, to;

	if (bpf_skb_load_bytes(skb, L3 + IPH_TTL, word, sizeof(word)))
		return -INVALID_PACKET;
	if (word[0] <= 1)
		return -TTL_EXCEEDED;
	from = (__be16)(word[0] | word[1] << 8);
	word[0] -= 1;
	to = (__be16)(word[0] | word[1] << 8);
	if (bpf_l3_csum_replace(skb, L3 + IPH_CHECK, from, to, sizeof(to)) ||
	    bpf_skb_store_bytes(skb, L3 + IPH_TTL, word, sizeof(word[0]), 0))
		return -TRANSLATION_FAILED;
	return 0;
}

/* Pod addresses come through the overlay; only with direct routes may another node's pod speak here in its own name. */
static __always_inline int is_spoofed(const struct packet *p)
{
	if (p->source == node_config.node_address || in_pod_range(p->source))
		return 1;
	return node_config.routing_mode == ROUTING_VXLAN && in_cluster_range(p->source);
}

/*
 * A client's connection to a service. A backend on this node sees the client's own address and answers through this node anyway;
 * one elsewhere sees the node's, so that its answer comes back here. A `destination`, or negative: a drop_reason.
 */
static __noinline int balance(struct __sk_buff *skb, struct packet *p, __u32 identity, __u64 now)
{
	struct ct_flow *known = ct_lookup(p, CT_NODE, now), flow = {.identity = identity};
	struct choice choice = {};
	struct frontend *frontend;
	int result;

	if (known && is_outdated(p, known, SCOPE_EXTERNAL)) {
		ct_forget(&p->key, known);
		known = NULL;
	}
	if (known)
		return follow(skb, p, known, now) ?: TRANSLATED;

	frontend = p->quoted ? NULL : frontend_of(p, SCOPE_EXTERNAL);
	if (frontend && is_redirected(skb, p, frontend)) {
		p->slot = frontend->slot;
		return frontend->flags & FRONTEND_SOURCE_RANGES && !source_allowed(frontend, p) ? -SOURCE_RANGE_DENIED : FOR_PROXY;
	}

	result = choose_backend(p, SCOPE_EXTERNAL, now, &choice);
	if (result <= 0)
		return result;
	flow.backend = choice.backend;
	flow.source = p->key.source;
	flow.destination = choice.address;
	flow.destination_port = choice.port;
	if (!(choice.flags & BACKEND_LOCAL) && address_v4(&choice.address) != node_config.node_address)
		address_set(&flow.source, node_config.node_address);
	result = open_flow(p, &flow, now) ?: translate(skb, p, &flow);
	return result ?: TRANSLATED;
}

/* What was translated here: to a pod or process of this node, or on to another node, or back to a client. */
static __always_inline int forward_translated(struct __sk_buff *skb, struct packet *p, __u32 mark)
{
	struct endpoint *endpoint = endpoint_of(p->destination);
	struct peer *peer;
	int error;

	if (endpoint)
		return deliver(skb, endpoint, mark);
	if (p->destination == node_config.node_address)
		return hand_up(skb, mark);
	if (is_ingress(p->destination))
		return deliver_to_ingress(skb, p, mark);
	if (is_for_proxy(p, 0))
		return hand_to_proxy(skb); /* which has spoken for a client on the LAN */
	if (in_pod_range(p->destination))
		return drop(skb, ENDPOINT_UNKNOWN);
	error = age(skb);
	if (error)
		return drop(skb, -error);
	/* The overlay carries who the client is; the answer comes back through it, with direct routes, too. */
	if (in_cluster_range(p->destination) && p->source == node_config.node_address) {
		peer = peer_of(p->destination);
		return peer && peer->tunnel ? encapsulate(skb, mark) : drop(skb, NO_TUNNEL);
	}
	return send_out(skb, p);
}

SEC("tc") int from_netdev(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_ns();
	struct endpoint *endpoint;
	struct packet p;
	__u32 identity;
	int result;

	if (CTX(skb, protocol) == bpf_htons(ETH_P_ARP))
		return from_arp(skb);
	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return pass(skb);
	result = read_packet(skb, &p, HOOK);
	if (result == -FRAGMENT_UNKNOWN && p.destination == node_config.node_address)
		return pass(skb); /* the stack waits for the first one */
	if (result)
		return drop(skb, -result);
	if (is_spoofed(&p))
		return drop(skb, SPOOFED_SOURCE);
	if (mark_magic(CTX(skb, mark)) == MARK_TO_PROXY)
		return give_to_proxy(skb, &p, CTX(skb, mark) >> 16); /* comes round, see reopen() */
	identity = identity_of(p.source);
	if (identity == IDENTITY_UNASSIGNED)
		return drop(skb, IDENTITY_UNKNOWN);
	if (is_tunnel(&p) && p.destination == node_config.node_address)
		return pass(skb);

	result = balance(skb, &p, identity, now);
	if (result == -NO_BACKEND && refuse(skb, &p)) {
		count(skb, NO_BACKEND);
		return bpf_redirect(CTX(skb, ifindex), 0);
	}
	if (result < 0)
		return drop(skb, -result);
	if (result == FOR_PROXY)
		return redirect(skb, &p);
	if (result)
		return forward_translated(skb, &p, mark_of(identity, 0));

	endpoint = endpoint_of(p.destination);
	if (endpoint)
		return deliver(skb, endpoint, mark_of(identity, 0));
	if (is_ingress(p.destination))
		return deliver_to_ingress(skb, &p, mark_of(identity, 0));
	if (in_pod_range(p.destination))
		return drop(skb, ENDPOINT_UNKNOWN);
	return hand_up(skb, mark_of(identity, 0));
}

char _license[] SEC("license") = "GPL";
