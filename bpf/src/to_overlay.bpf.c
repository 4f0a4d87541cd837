// SPDX-License-Identifier: Apache-2.0
/* tc egress of cilium_vxlan: the one place where a packet gets its tunnel, whether a hook or the stack sent it here. */
#define HOOK HOOK_TO_OVERLAY
#define DIRECTION DIRECTION_EGRESS

#include <kumo/forward.h>
#include <kumo/nat.h>
#include <kumo/proxy.h>

#define TUNNEL_TTL 64

/* Envoy in a client's name: its answers will be Envoy's; a client that nobody finds through the overlay stays behind the node. */
static __noinline int send_for_client(struct __sk_buff *skb, __u32 mark)
{
	__u64 now = bpf_ktime_get_ns();
	struct ct_flow *known;
	struct packet p;
	int error = read_packet(skb, &p, HOOK);

	if (error)
		return error;
	expect_at_proxy(&p);
	if (!is_lan_client(&p, mark))
		return 0;
	known = ct_lookup(&p, CT_NODE, now);
	return known ? follow(skb, &p, known, now) : masquerade(skb, &p, identity_of(p.source), now);
}

/*
 * Every hook marks what it forwards, and so does Envoy; without a mark it is the node's own. A VNI has no room for identities
 * of this node alone, which are address blocks of the world.
 */
static __always_inline __u32 sender_of(__u32 mark, __be32 source)
{
	__u32 identity = IDENTITY_HOST;

	if (mark_is_ours(mark))
		identity = mark_identity(mark);
	else if (is_proxy_mark(mark))
		identity = identity_of(source);
	else if (mark_magic(mark) == MARK_GATEWAY_UPSTREAM)
		identity = IDENTITY_INGRESS;
	return identity < LOCAL_IDENTITY_FIRST ? identity : IDENTITY_WORLD;
}

SEC("tc") int to_overlay(struct __sk_buff *skb)
{
	struct bpf_tunnel_key tunnel = {.tunnel_ttl = TUNNEL_TTL};
	__u32 mark = CTX(skb, mark);
	__be32 ends[2]; /* source, destination */
	struct peer *peer;
	int error;

	if (CTX(skb, protocol) != bpf_htons(ETH_P_IP))
		return drop(skb, UNSUPPORTED_PROTOCOL);
	if (bpf_skb_load_bytes(skb, L3 + IPH_SOURCE, ends, sizeof(ends)))
		return drop(skb, INVALID_PACKET);
	peer = peer_of(ends[1]);
	if (!peer || !peer->tunnel || peer->tunnel == node_config.node_address)
		return drop(skb, NO_TUNNEL);
	if (mark_magic(mark) == MARK_EGRESS_UPSTREAM) {
		error = send_for_client(skb, mark);
		if (error)
			return drop(skb, -error);
	}
	tunnel.tunnel_id = sender_of(mark, ends[0]);
	tunnel.remote_ipv4 = bpf_ntohl(peer->tunnel);
	if (!tunnel.tunnel_id)
		return drop(skb, IDENTITY_UNKNOWN);
	if (bpf_skb_set_tunnel_key(skb, &tunnel, sizeof(tunnel), BPF_F_ZERO_CSUM_TX))
		return drop(skb, TRANSLATION_FAILED);
	return pass(skb);
}

char _license[] SEC("license") = "GPL";
