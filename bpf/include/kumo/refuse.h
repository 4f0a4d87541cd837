/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to a packet for a service that has no backend, made in place of the packet: TCP RST, ICMP port unreachable. */
#ifndef KUMO_REFUSE_H
#define KUMO_REFUSE_H

#include <linux/udp.h>

#include "reset.h"

static __always_inline int answer_link(struct __sk_buff *skb)
{
	struct ethhdr eth;
	__u8 mac[ETH_ALEN];

	if (bpf_skb_load_bytes(skb, 0, &eth, sizeof(eth)))
		return -1;
	__builtin_memcpy(mac, eth.h_dest, ETH_ALEN);
	__builtin_memcpy(eth.h_dest, eth.h_source, ETH_ALEN);
	__builtin_memcpy(eth.h_source, mac, ETH_ALEN);
	return bpf_skb_store_bytes(skb, 0, &eth, sizeof(eth), BPF_F_RECOMPUTE_CSUM);
}

static __noinline int refuse_udp(struct __sk_buff *skb, const struct packet *p)
{
	struct {
		struct iphdr ip;
		struct icmphdr icmp;
	} answer = {};
	struct iphdr ip;
	struct udphdr udp;
	__s64 quoted;

	if (bpf_skb_load_bytes(skb, L3, &ip, sizeof(ip)) || bpf_skb_load_bytes(skb, p->l4, &udp, sizeof(udp)))
		return -1;
	quoted = bpf_csum_diff(NULL, 0, (__be32 *)&ip, sizeof(ip), 0);
	if (is_checksum_partial(skb, p->l4 + UDP_CHECK)) /* once filled in, the eight bytes sum up to the seed's complement */
		quoted += (__u16)~udp.check;
	else
		quoted = bpf_csum_diff(NULL, 0, (__be32 *)&udp, sizeof(udp), quoted);
	if (bpf_skb_store_bytes(skb, p->l4 + UDP_CHECK, &udp.check, sizeof(udp.check), BPF_F_RECOMPUTE_CSUM) ||
	    bpf_skb_change_tail(skb, L3 + sizeof(ip) + sizeof(udp), 0) ||
	    bpf_skb_adjust_room(skb, sizeof(answer), BPF_ADJ_ROOM_MAC, 0))
		return -1;

	write_header(&answer.ip, p->destination, p->source, IPPROTO_ICMP, sizeof(answer) + sizeof(ip) + sizeof(udp));
	answer.icmp.type = ICMP_DEST_UNREACH;
	answer.icmp.code = ICMP_PORT_UNREACH;
	answer.icmp.checksum = ~fold(bpf_csum_diff(NULL, 0, (__be32 *)&answer.icmp, sizeof(answer.icmp), fold(quoted)));
	return bpf_skb_store_bytes(skb, L3, &answer, sizeof(answer), BPF_F_RECOMPUTE_CSUM);
}

/* 1: the packet has become its answer, link addresses swapped. A fragment or a packet with IP options gets none. */
static __noinline int refuse(struct __sk_buff *skb, const struct packet *p)
{
	struct reset answer = {};

	if (!p->plain || !p->l4 || p->quoted)
		return 0;
	if (p->key.protocol == IPPROTO_TCP)
		return !read_answer(skb, p, &answer) && !write_reset(skb, &answer) && !answer_link(skb);
	return p->key.protocol == IPPROTO_UDP && !refuse_udp(skb, p) && !answer_link(skb);
}

#endif
