// SPDX-License-Identifier: Apache-2.0
/* tc ingress of cilium_vxlan: what other nodes send, each packet with its sender's identity. */
#define HOOK HOOK_FROM_OVERLAY
#define DIRECTION DIRECTION_INGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/proxy.h>

SEC("tc") int from_overlay(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_ns();
	struct bpf_tunnel_key tunnel = {};
	struct endpoint *endpoint;
	struct ct_flow *known;
	struct packet p;
	struct peer *peer;
	__u32 mark;
	int error;

	if (bpf_skb_get_tunnel_key(skb, &tunnel, sizeof(tunnel), 0))
		return drop(skb, INVALID_PACKET);
	bpf_skb_change_type(skb, PACKET_HOST); /* the inner link addresses are the sender's: NOARP, nobody asked for ours */
	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return drop(skb, UNSUPPORTED_PROTOCOL);
	error = read_packet(skb, &p, HOOK);
	if (error)
		return drop(skb, -error);
	peer = peer_of(p.source);
	if (!peer || !peer->tunnel || bpf_ntohl(peer->tunnel) != tunnel.remote_ipv4)
		return drop(skb, SPOOFED_SOURCE); /* every address has one node that may send in its name */
	if (!tunnel.tunnel_id)
		return drop(skb, IDENTITY_UNKNOWN);
	mark = mark_of(tunnel.tunnel_id == IDENTITY_HOST ? IDENTITY_REMOTE_NODE : tunnel.tunnel_id, MARK_FROM_OVERLAY);

	known = ct_lookup(&p, CT_NODE, now);
	if (known) { /* a backend elsewhere answers a client of this node */
		error = follow(skb, &p, known, now);
		if (!error && is_for_proxy(&p, 0))
			return hand_to_proxy(skb); /* which has spoken for the client */
		return error ? drop(skb, -error) : send_out(skb, &p);
	}
	endpoint = endpoint_of(p.destination);
	if (endpoint)
		return deliver(skb, endpoint, mark);
	if (p.destination == node_config.node_address)
		return hand_up(skb, mark);
	if (is_ingress(p.destination))
		return deliver_to_ingress(skb, &p, mark);
	return drop(skb, in_pod_range(p.destination) ? ENDPOINT_UNKNOWN : OVERLAY_UNEXPECTED);
}

char _license[] SEC("license") = "GPL";
