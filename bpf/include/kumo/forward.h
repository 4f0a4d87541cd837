/* SPDX-License-Identifier: Apache-2.0 */
/* Where a packet goes next, and who its sender is. */
#ifndef KUMO_FORWARD_H
#define KUMO_FORWARD_H

#include "config.h"
#include "drop.h"

#define VXLAN_PORT bpf_htons(8472)
#define AF_INET 2

/* The overlay's own packets, which nothing but its device looks into. */
static __always_inline int is_tunnel(const struct packet *p)
{
	return p->key.protocol == IPPROTO_UDP && p->key.destination_port == VXLAN_PORT;
}

static __always_inline struct peer *peer_of(__be32 v4)
{
	struct prefix_key key = {.prefix_length = 128};

	address_set(&key.address, v4);
	return bpf_map_lookup_elem(&addresses, &key);
}

static __always_inline struct endpoint *endpoint_of(__be32 v4)
{
	struct address key;

	address_set(&key, v4);
	return bpf_map_lookup_elem(&endpoints, &key);
}

static __always_inline __u32 identity_of(__be32 v4)
{
	struct peer *peer = peer_of(v4);

	return peer ? peer->identity : IDENTITY_WORLD;
}

static __always_inline int in_cluster_range(__be32 v4)
{
	return (v4 & node_config.cluster_mask) == node_config.cluster_range;
}

static __always_inline int in_pod_range(__be32 v4)
{
	return (v4 & node_config.pod_mask) == node_config.pod_range;
}

/* On to the stack, with what later hooks must know. */
static __always_inline int hand_up(struct __sk_buff *skb, __u32 mark)
{
	set_mark(skb, mark);
	return pass(skb);
}

/*
 * To the address that Envoy's connections as a gateway come from. Only they may be reached there: nobody opens any to it.
 */
static __always_inline int deliver_to_ingress(struct __sk_buff *skb, const struct packet *p, __u32 mark)
{
	if (!p->quoted && (p->key.protocol != IPPROTO_TCP || is_opening(p)))
		return drop(skb, ENDPOINT_UNKNOWN);
	return hand_up(skb, mark);
}

static __always_inline int is_ingress(__be32 v4)
{
	return v4 && v4 == node_config.ingress_address;
}

/*
 * To a pod of this node, past the stack; its to_pod sees the packet next. What is too long for the pod's link is the stack's: it
 * cuts it up or tells the sender.
 */
static __always_inline int deliver(struct __sk_buff *skb, const struct endpoint *endpoint, __u32 mark)
{
	__u8 link[2 * ETH_ALEN];
	__u32 mtu = 0;

	if (bpf_check_mtu(skb, endpoint->ifindex, &mtu, 0, 0))
		return hand_up(skb, mark);
	__builtin_memcpy(link, endpoint->mac, ETH_ALEN);
	__builtin_memcpy(link + ETH_ALEN, endpoint->host_mac, ETH_ALEN);
	if (bpf_skb_store_bytes(skb, 0, link, sizeof(link), 0))
		return drop(skb, TRANSLATION_FAILED);
	set_mark(skb, mark);
	count(skb, FORWARDED);
	return bpf_redirect(endpoint->ifindex, 0);
}

/* Into the overlay: to_overlay reads the mark and finds the node. */
static __always_inline int encapsulate(struct __sk_buff *skb, __u32 mark)
{
	set_mark(skb, mark);
	count(skb, FORWARDED);
	return bpf_redirect(node_config.overlay_ifindex, 0);
}

/*
 * To the LAN, past the stack, which would take a packet that bears the node's own address as source for a martian. The kernel
 * looks up the device (there may be more than the first) and then the neighbour.
 */
static __noinline int send_out(struct __sk_buff *skb, const struct packet *p)
{
	struct bpf_fib_lookup route = {
		.family = AF_INET,
		.ifindex = CTX(skb, ifindex),
		.ipv4_src = p->source,
		.ipv4_dst = p->destination,
	};
	__u32 ifindex = node_config.device_ifindex;
	long result = bpf_fib_lookup(skb, &route, sizeof(route), 0);

	if (result == BPF_FIB_LKUP_RET_SUCCESS || result == BPF_FIB_LKUP_RET_NO_NEIGH)
		ifindex = route.ifindex;
	count(skb, FORWARDED);
	return bpf_redirect_neigh(ifindex, NULL, 0, 0);
}

#endif
