// SPDX-License-Identifier: Apache-2.0
/* tc egress of the LAN device: what the node and its pods send to the network. */
#define HOOK HOOK_TO_NETDEV
#define DIRECTION DIRECTION_EGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/proxy.h>

/* A pod's address means nothing on the LAN, except where all nodes route to it and both ends are theirs. */
static __always_inline int keeps_source(const struct packet *p, __u32 mark)
{
	struct peer *peer;

	if (!in_cluster_range(p->source) || !node_config.masquerade)
		return 1;
	if (mark_is_ours(mark) && mark & MARK_REPLY)
		return 1;
	if (node_config.routing_mode == ROUTING_VXLAN)
		return 0;
	peer = peer_of(p->destination);
	return in_cluster_range(p->destination) || (peer && peer->tunnel);
}

SEC("tc") int to_netdev(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 mark = CTX(skb, mark);
	struct ct_flow *known;
	__u32 identity;
	struct packet p;
	int error;

	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return pass(skb);
	error = read_packet(skb, &p, HOOK);
	if (error == -FRAGMENT_UNKNOWN && !in_cluster_range(p.source))
		return pass(skb); /* the node's own, which nothing translates unless its first fragment is known */
	if (error)
		return drop(skb, -error);
	if (is_tunnel(&p) && p.source == node_config.node_address)
		return pass(skb);

	if (mark_magic(mark) == MARK_EGRESS_UPSTREAM)
		expect_at_proxy(&p);
	if (mark_magic(mark) == MARK_PROXY_ACCEPTED) { /* for the pod that a client has called: as that would have answered */
		known = ct_lookup(&p, CT_INGRESS, now);
		mark = mark_of(identity_of(p.source), MARK_REPLY);
		if (known && known->flags & CT_REPLY && known->flags & CT_OVERLAY)
			return encapsulate(skb, mark);
	}
	identity = mark_is_ours(mark) ? mark_identity(mark) : identity_of(p.source);
	known = ct_lookup(&p, CT_NODE, now);
	if (known)
		error = follow(skb, &p, known, now);
	else if (is_lan_client(&p, mark))
		error = masquerade(skb, &p, identity, now);
	else if (node_config.routing_mode == ROUTING_VXLAN && in_cluster_range(p.source) && in_cluster_range(p.destination))
		error = -NO_TUNNEL; /* a route to the overlay is missing: pod traffic must not leak into the LAN */
	else if (!keeps_source(&p, mark))
		error = masquerade(skb, &p, identity, now);
	if (!error && p.source == node_config.node_address && in_cluster_range(p.destination) &&
	    mark_magic(mark) == MARK_EGRESS_UPSTREAM)
		return encapsulate(skb, mark_of(identity, 0)); /* who the client is goes along, with direct routes, too */
	return error ? drop(skb, -error) : pass(skb);
}

char _license[] SEC("license") = "GPL";
