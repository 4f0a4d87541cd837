// SPDX-License-Identifier: Apache-2.0
/* tc egress of cilium_vxlan: the one place where a packet gets its tunnel, whether a hook or the stack sent it here. */
#define HOOK HOOK_TO_OVERLAY
#define DIRECTION DIRECTION_EGRESS

#include <kumo/forward.h>

#define TUNNEL_TTL 64

SEC("tc") int to_overlay(struct __sk_buff *skb)
{
	struct bpf_tunnel_key tunnel = {.tunnel_ttl = TUNNEL_TTL};
	__u32 mark = CTX(skb, mark);
	struct peer *peer;
	__be32 destination;

	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return drop(skb, UNSUPPORTED_PROTOCOL);
	if (bpf_skb_load_bytes(skb, L3 + IPH_DESTINATION, &destination, sizeof(destination)))
		return drop(skb, INVALID_PACKET);
	peer = peer_of(destination);
	if (!peer || !peer->tunnel || peer->tunnel == node_config.node_address)
		return drop(skb, NO_TUNNEL);
	/* Every hook marks what it forwards: without a mark it is the node's own. */
	tunnel.tunnel_id = mark_is_ours(mark) ? mark_identity(mark) : IDENTITY_HOST;
	tunnel.remote_ipv4 = bpf_ntohl(peer->tunnel);
	if (bpf_skb_set_tunnel_key(skb, &tunnel, sizeof(tunnel), BPF_F_ZERO_CSUM_TX))
		return drop(skb, TRANSLATION_FAILED);
	return pass(skb);
}

char _license[] SEC("license") = "GPL";
