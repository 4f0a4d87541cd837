/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ARP for announced addresses (RFC 826). Whether this node answers for an address is user space's decision, a row of
 * `announcements`; that it ceases to once another host claims the address is the kernel's own, within the claim's packet, so that
 * two never answer for long however slow or dead user space is.
 */
#ifndef KUMO_ANNOUNCEMENT_H
#define KUMO_ANNOUNCEMENT_H

#include "drop.h"

#define ARP_ETHERNET 1
#define ARP_REQUEST 1
#define ARP_REPLY 2

struct arp {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_length;
	__u8 protocol_length;
	__be16 operation;
	__u8 sender_mac[ETH_ALEN];
	__be32 sender;
	__u8 target_mac[ETH_ALEN];
	__be32 target;
} __attribute__((packed));

/* What our claims carry in the padding that Ethernet's shortest frame has behind ARP anyway: whose list is the later one. */
#define CLAIM_MAGIC bpf_htonl(0x4B554D4F) /* KUMO */

struct claim {
	__be32 magic;
	__be64 term;
	__be16 position; /* in the list, 0: holder */
} __attribute__((packed));

static __always_inline struct announcement *announcement_of(__u32 ifindex, __be32 v4)
{
	struct announcement_key key = {.ifindex = ifindex};

	address_set(&key.address, v4);
	return bpf_map_lookup_elem(&announcements, &key);
}

static __always_inline int mac_equal(const __u8 *a, const __u8 *b)
{
	int i;

#pragma unroll
	for (i = 0; i < ETH_ALEN; i++)
		if (a[i] != b[i])
			return 0;
	return 1;
}

/* Another host speaks as `row`'s address: it has it from now on. Why, as far as it says, is noted before the flag. */
static __always_inline void yield_to(struct __sk_buff *skb, struct announcement *row, const struct arp *arp)
{
	struct claim claim;

	if (!bpf_skb_load_bytes(skb, ETH_HLEN + sizeof(*arp), &claim, sizeof(claim)) && claim.magic == CLAIM_MAGIC) {
		row->claim_term = bpf_be64_to_cpu(claim.term);
		row->claim_position = bpf_ntohs(claim.position);
	} else {
		row->claim_term = 0;
		row->claim_position = 0;
	}
	__builtin_memcpy(row->claim_mac, arp->sender_mac, ETH_ALEN);
	row->flags |= ANNOUNCEMENT_YIELDED;
}

/* The request becomes its own reply and goes back by the device that it came from. */
static __always_inline int answer_arp(struct __sk_buff *skb, const struct announcement *row, const struct arp *request)
{
	struct {
		struct ethhdr ethernet;
		struct arp arp;
	} __attribute__((packed)) reply;

	__builtin_memcpy(reply.ethernet.h_dest, request->sender_mac, ETH_ALEN);
	__builtin_memcpy(reply.ethernet.h_source, row->mac, ETH_ALEN);
	reply.ethernet.h_proto = bpf_htons(ETH_P_ARP);
	reply.arp = *request;
	reply.arp.operation = bpf_htons(ARP_REPLY);
	__builtin_memcpy(reply.arp.sender_mac, row->mac, ETH_ALEN);
	reply.arp.sender = request->target;
	__builtin_memcpy(reply.arp.target_mac, request->sender_mac, ETH_ALEN);
	reply.arp.target = request->sender;
	if (bpf_skb_store_bytes(skb, 0, &reply, sizeof(reply), 0))
		return drop(skb, TRANSLATION_FAILED);
	count(skb, ARP_ANSWERED);
	return bpf_redirect(CTX(skb, ifindex), 0);
}

/* What is malformed, of a VLAN or about any other address is the stack's, as without us. Claims count wherever they were sent. */
static __noinline int from_arp(struct __sk_buff *skb)
{
	__u32 ifindex = CTX(skb, ifindex);
	struct announcement *row;
	struct arp arp;

	if (CTX(skb, vlan_present) || bpf_skb_load_bytes(skb, ETH_HLEN, &arp, sizeof(arp)))
		return pass(skb);
	if (arp.hardware != bpf_htons(ARP_ETHERNET) || arp.protocol != bpf_htons(ETH_P_IP) || arp.hardware_length != ETH_ALEN ||
	    arp.protocol_length != sizeof(__be32))
		return pass(skb);
	if (arp.operation != bpf_htons(ARP_REQUEST) && arp.operation != bpf_htons(ARP_REPLY))
		return pass(skb);

	row = announcement_of(ifindex, arp.sender);
	if (row && !mac_equal(arp.sender_mac, row->mac))
		yield_to(skb, row, &arp);
	if (arp.operation != bpf_htons(ARP_REQUEST) || CTX(skb, pkt_type) == PACKET_OTHERHOST)
		return pass(skb);
	row = announcement_of(ifindex, arp.target);
	if (!row || row->flags & ANNOUNCEMENT_YIELDED || arp.sender == arp.target)
		return pass(skb);
	return answer_arp(skb, row, &arp);
}

#endif
